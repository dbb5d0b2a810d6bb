namespace Coder.Application.Users;

/// <summary>Tells whether sessions still hold, for connections that outlive their first request. Asking is no use of a session.</summary>
public interface ISessionLife
{
    /// <summary>Those keys that exist, have not expired, and whose users may act.</summary>
    Task<IReadOnlySet<string>> AliveAsync(IReadOnlyCollection<string> keyIds, DateTimeOffset now, CancellationToken ct);
}
