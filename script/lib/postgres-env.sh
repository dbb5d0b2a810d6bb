# Sourced by the scripts: names the PostgreSQL that script/bootstrap unpacked, unless CODER_PG_BIN already names another.
_coder_root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
if [[ -z "${CODER_PG_BIN:-}" && -x "$_coder_root/.postgres/native/bin/postgres" ]]; then
  export CODER_PG_BIN="$_coder_root/.postgres/native/bin"
fi
unset _coder_root
