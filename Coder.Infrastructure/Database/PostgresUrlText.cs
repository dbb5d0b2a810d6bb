using System.Text;
using Coder.Domain.Common;

namespace Coder.Infrastructure.Database;

/// <summary>Takes a <c>postgres://</c> URL apart into libpq's settings.</summary>
internal static class PostgresUrlText
{
    internal const string EncodeHint = "special characters in the user name and password have to be percent-encoded";

    /// <summary>Reads everything after the scheme: <c>[user[:password]@][host[:port][,…]][/database][?key=value[&amp;…]]</c>.</summary>
    public static Result<IReadOnlyDictionary<string, string>> Read(string rest)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal);
        var (beforeQuery, query) = Split(rest, rest.IndexOf('?', StringComparison.Ordinal));
        var (authority, database) = Split(beforeQuery, beforeQuery.IndexOf('/', StringComparison.Ordinal));
        var at = authority.LastIndexOf('@');
        var hosts = authority[(at + 1)..];

        if (at < 0 && database.Contains('@', StringComparison.Ordinal))
        {
            // A raw slash in the password: what looks like a host and a database is none.
            return PostgresUrl.Invalid(EncodeHint);
        }

        var error = (at < 0 ? null : ReadCredentials(authority[..at], settings))
            ?? ReadHosts(hosts, settings)
            ?? Put(settings, "dbname", database, "the database name")
            ?? ReadQuery(query, settings);
        return error is null ? settings : error;
    }

    private static Error? ReadCredentials(string text, Dictionary<string, string> settings)
    {
        var (user, password) = Split(text, text.IndexOf(':', StringComparison.Ordinal));
        return Put(settings, "user", user, "the user name") ?? Put(settings, "password", password, "the password");
    }

    private static Error? ReadHosts(string text, Dictionary<string, string> settings)
    {
        if (text.Length == 0)
        {
            return null;
        }

        List<string> hosts = [];
        List<string> ports = [];
        foreach (var item in text.Split(','))
        {
            var isIpV6 = item.StartsWith('[');
            var hostEnd = isIpV6 ? item.IndexOf(']', StringComparison.Ordinal) : item.LastIndexOf(':');
            if (isIpV6 && hostEnd < 2)
            {
                return PostgresUrl.Invalid("an IPv6 address has to stand between [ and ]");
            }

            var host = isIpV6 ? item[1..hostEnd] : hostEnd < 0 ? item : item[..hostEnd];
            var port = isIpV6 ? item[(hostEnd + 1)..] : hostEnd < 0 ? "" : item[hostEnd..];
            if (port.Length > 0 && port[0] != ':')
            {
                return PostgresUrl.Invalid("only a port may follow the ] of an IPv6 address");
            }

            if (!isIpV6 && host.Contains(':', StringComparison.Ordinal))
            {
                return PostgresUrl.Invalid($"a host has more than one colon: IPv6 addresses stand between [ and ], and {EncodeHint}");
            }

            if (!TryDecode(host, out var decoded))
            {
                return BadEncoding("the host");
            }

            hosts.Add(decoded);
            ports.Add(port.TrimStart(':'));
        }

        settings["host"] = string.Join(',', hosts);
        if (ports.Exists(port => port.Length > 0))
        {
            settings["port"] = string.Join(',', ports);
        }

        return null;
    }

    private static Error? ReadQuery(string query, Dictionary<string, string> settings)
    {
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var separator = pair.IndexOf('=', StringComparison.Ordinal);
            if (separator <= 0 || !TryDecode(pair[..separator], out var key) || !LibpqSettings.IsWellFormed(key))
            {
                return PostgresUrl.Invalid($"what follows the ? has to be key=value pairs joined by & ({EncodeHint})");
            }

            if (!TryDecode(pair[(separator + 1)..], out var value))
            {
                return BadEncoding(key);
            }

            settings[key.ToLowerInvariant()] = value;
        }

        return null;
    }

    private static Error? Put(Dictionary<string, string> settings, string key, string encoded, string what)
    {
        if (!TryDecode(encoded, out var value))
        {
            return BadEncoding(what);
        }

        if (value.Length > 0)
        {
            settings[key] = value;
        }

        return null;
    }

    private static Error BadEncoding(string what) =>
        PostgresUrl.Invalid($"{what} has a % that is not followed by two hexadecimal digits of UTF-8 text (write % as %25)");

    /// <summary>Decodes as libpq does: a plus sign stays one, and NUL is refused.</summary>
    private static bool TryDecode(string text, out string decoded)
    {
        decoded = text;
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return true;
        }

        for (var i = text.IndexOf('%', StringComparison.Ordinal); i >= 0; i = text.IndexOf('%', i + 1))
        {
            var digits = text.AsSpan(i + 1, Math.Min(2, text.Length - i - 1));
            if (digits.Length < 2 || !char.IsAsciiHexDigit(digits[0]) || !char.IsAsciiHexDigit(digits[1]) || digits is "00")
            {
                return false;
            }
        }

        decoded = Uri.UnescapeDataString(text);
        // Sequences that are no UTF-8 are left as they are.
        return Encoding.UTF8.GetByteCount(decoded) == DecodedBytes(text);
    }

    private static int DecodedBytes(string text) => Encoding.UTF8.GetByteCount(text) - (2 * text.Count(c => c == '%'));

    private static (string Before, string After) Split(string text, int at) => at < 0 ? (text, "") : (text[..at], text[(at + 1)..]);
}
