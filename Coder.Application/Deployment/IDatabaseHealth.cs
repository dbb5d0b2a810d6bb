namespace Coder.Application.Deployment;

/// <summary>Whether this server can do its work.</summary>
public interface IDatabaseHealth
{
    /// <summary>Asks the database for a sign of life; throws when it does not answer.</summary>
    Task PingAsync(CancellationToken ct);
}
