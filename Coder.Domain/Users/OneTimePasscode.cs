using System.Security.Cryptography;
using System.Text;

namespace Coder.Domain.Users;

/// <summary>
/// Lets somebody who forgot a password choose a new one, once (docs/spec/platform.md, section 8.1). A passcode is as long and as random as
/// the secret of a key, so that a hash without a salt is enough to store.
/// </summary>
public static class OneTimePasscode
{
    /// <summary>How long a passcode can be used.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(20);

    /// <summary>How long the next one has to wait: nobody's mailbox is to be flooded by others.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Whether an account may get another passcode now.</summary>
    /// <param name="pending">When the one that it has ends, or <see langword="null"/> when it has none.</param>
    /// <param name="now">UTC.</param>
    public static bool MayIssue(DateTimeOffset? pending, DateTimeOffset now) => pending is not { } end || now >= end - Lifetime + Pause;

    /// <summary>What is stored of a passcode.</summary>
    public static byte[] Hash(string passcode)
    {
        ArgumentNullException.ThrowIfNull(passcode);
        return SHA256.HashData(Encoding.UTF8.GetBytes(passcode));
    }

    /// <summary>Whether a passcode is the one of an account. The same work is done where there is none.</summary>
    /// <param name="passcode">What somebody typed.</param>
    /// <param name="hash">What <see cref="Hash"/> made of the right one, or <see langword="null"/> when there is none.</param>
    /// <param name="end">When that one ends.</param>
    /// <param name="now">UTC.</param>
    public static bool Matches(string passcode, byte[]? hash, DateTimeOffset? end, DateTimeOffset now)
    {
        var isEqual = CryptographicOperations.FixedTimeEquals(Hash(passcode), hash ?? new byte[SHA256.HashSizeInBytes]);
        return isEqual && hash is not null && now < end;
    }
}
