using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Coder.Domain.Licensing;

namespace Coder.Infrastructure.Licensing;

/// <summary>What was found out about a stored token; exactly one of the two is there.</summary>
internal sealed record Verdict(LicenseClaims? Claims, RejectionReason? Rejection);

/// <summary>
/// Remembers the verdict on each stored license, so that a recompute verifies only what changed. It keeps a hash of the token and
/// not the token, which is a secret.
/// </summary>
/// <param name="capacity">Most licenses remembered; past it the one that came first goes, and is judged again when asked for.</param>
internal sealed class VerdictCache(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Entry> _byLicense = [];
    private readonly Queue<int> _arrivals = [];

    /// <summary>How many verdicts are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _byLicense.Count;
            }
        }
    }

    /// <summary>The verdict on this license with this token, judged now if it is not known.</summary>
    /// <remarks>Judging holds the lock: it takes microseconds, and two callers must not verify the same token twice.</remarks>
    public Verdict GetOrAdd(int licenseId, string token, Func<string, Verdict> judge)
    {
        var hash = SHA256.HashData(MemoryMarshal.AsBytes(token.AsSpan()));
        lock (_gate)
        {
            var isKnown = _byLicense.TryGetValue(licenseId, out var entry);
            if (isKnown && entry!.TokenHash.AsSpan().SequenceEqual(hash))
            {
                return entry.Verdict;
            }

            var verdict = judge(token);
            _byLicense[licenseId] = new Entry(hash, verdict);
            if (!isKnown)
            {
                _arrivals.Enqueue(licenseId);
            }

            if (_byLicense.Count > capacity)
            {
                _byLicense.Remove(_arrivals.Dequeue());
            }

            return verdict;
        }
    }

    private sealed record Entry(byte[] TokenHash, Verdict Verdict);
}
