namespace Coder.Application.ConnectionLogs;

/// <summary>Ends sessions in the log that nobody is left to report the end of (docs/spec/connection-logs.md, section 12.11).</summary>
public interface IConnectionSessions
{
    /// <summary>The reason that the log gives for such an end.</summary>
    const string Reason = "workspace stopped";

    /// <summary>
    /// Ends all open sessions of a workspace, within the transaction of the caller: a stop or a deletion has succeeded, or a start has
    /// replaced the agents. Not for claims, whose agents go on. What an agent reported before wins.
    /// </summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="at">When its build ended.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    /// <returns>How many there were.</returns>
    Task<int> CloseOrphansAsync(Guid workspaceId, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>
    /// Ends the open sessions of all workspaces whose agent is no part of the last build that has ended, if that has succeeded; those that
    /// began within five minutes before the agent of the same name was made may be its own, as the clocks of agents differ.
    /// </summary>
    /// <param name="at">The end that is written.</param>
    /// <param name="limit">The most sessions to end.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    /// <returns>How many there were.</returns>
    Task<int> SweepOrphansAsync(DateTimeOffset at, int limit, CancellationToken cancellationToken);
}
