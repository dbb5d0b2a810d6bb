using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Coder.Api.RateLimiting;

/// <summary>
/// Which credentials are over a limit for now, so that their further requests are refused before the database is asked whose they are.
/// They are kept as hashes, and forgotten all at once when there are too many: then the next request of each costs a statement again.
/// </summary>
internal sealed class RefusedCredentials(int capacity)
{
    private readonly ConcurrentDictionary<Key, Refusal> _refusals = [];

    public RefusedCredentials()
        : this(8192)
    {
    }

    /// <summary>Refuses a credential on a route until the verdict allows it again.</summary>
    public void Add(string credential, int route, int limit, RateLimitVerdict verdict, DateTimeOffset now)
    {
        if (_refusals.Count >= capacity)
        {
            _refusals.Clear();
        }

        _refusals[new Key(Hash(credential), route)] = new Refusal(limit, verdict.ResetAt, now + verdict.RetryAfter);
    }

    /// <summary>Whether a credential is refused on a route.</summary>
    public bool TryFind(string credential, int route, DateTimeOffset now, out int limit, out RateLimitVerdict verdict)
    {
        (limit, verdict) = (0, default);
        if (_refusals.IsEmpty)
        {
            return false;
        }

        var key = new Key(Hash(credential), route);
        if (!_refusals.TryGetValue(key, out var refusal))
        {
            return false;
        }

        if (refusal.Until <= now)
        {
            _refusals.TryRemove(new KeyValuePair<Key, Refusal>(key, refusal));
            return false;
        }

        limit = refusal.Limit;
        verdict = new RateLimitVerdict(false, 0, refusal.ResetAt, refusal.Until - now);
        return true;
    }

    private static UInt128 Hash(string credential) =>
        BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(credential)));

    private readonly record struct Key(UInt128 Credential, int Route);

    private sealed record Refusal(int Limit, long ResetAt, DateTimeOffset Until);
}
