namespace Coder.Application.Users;

/// <summary>Keeps what the use of sessions changes until it is written, in batches and after the answers have been sent.</summary>
public interface ISessionActivity
{
    /// <summary>Notes a use. Cheap, never waits, and of several uses of one key the newest counts.</summary>
    void Record(SessionUse use);

    /// <summary>Writes all that was noted.</summary>
    Task FlushAsync(CancellationToken ct);
}

/// <summary>A use of a key that is worth writing: at most one an hour and key.</summary>
/// <param name="KeyId">The key.</param>
/// <param name="UserId">Its user, who becomes active if dormant.</param>
/// <param name="IpAddress">Where the use came from.</param>
/// <param name="At">UTC.</param>
/// <param name="ExpiresAt">The new expiry, or <see langword="null"/> to leave it.</param>
public sealed record SessionUse(string KeyId, Guid UserId, string IpAddress, DateTimeOffset At, DateTimeOffset? ExpiresAt);
