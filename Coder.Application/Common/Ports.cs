using System.Data;
using Coder.Domain.Common;

namespace Coder.Application.Common;

/// <summary>Runs work inside one database transaction; see <see cref="ITransactional"/>.</summary>
public interface IUnitOfWork
{
    /// <summary>Runs <paramref name="work"/> in a transaction, or joins the one that is open in this scope.</summary>
    /// <returns>The outcome of the work, or the first failure of an <see cref="IAfterCommit"/> step.</returns>
    Task<TOutcome> RunAsync<TOutcome>(IsolationLevel isolation, Func<CancellationToken, Task<TOutcome>> work, CancellationToken ct)
        where TOutcome : IOutcome<TOutcome>;
}

/// <summary>What this node has to do once the open transaction is committed, before the caller gets its answer.</summary>
public interface IAfterCommit
{
    /// <summary>
    /// Adds a step. Steps run in the order in which they were added and never after a rollback.
    /// A step that fails turns the answer into its failure; the transaction stays committed.
    /// </summary>
    /// <exception cref="InvalidOperationException">No transaction is open.</exception>
    void Do(Func<CancellationToken, Task<Result<Done>>> step);
}

/// <summary>Tells all nodes, this one included, that something they may hold in memory has changed.</summary>
public interface INotifier
{
    /// <summary>Sends through the open transaction: delivered at commit, never after a rollback.</summary>
    /// <param name="channel">One of <see cref="NotificationChannels"/>.</param>
    /// <param name="payload">A hint to read again, never data.</param>
    /// <param name="ct">Cancels the sending.</param>
    Task NotifyAsync(string channel, string payload, CancellationToken ct);
}

/// <summary>The channels between the nodes of one deployment.</summary>
public static class NotificationChannels
{
    /// <summary>A license was added or deleted, or entitlements must be computed anew (docs/spec/licensing.md, section 3).</summary>
    public const string Licenses = "licenses";

    /// <summary>How the dashboard looks was changed (docs/spec/platform.md, section 8.5).</summary>
    public const string Appearance = "appearance";

    /// <summary>A notification was put into an inbox; the payload is <c>user:notification</c>, both ids.</summary>
    public const string Inbox = "inbox";

    /// <summary>
    /// Sessions ended, or users lost rights: the payload is the id of a key that was deleted, <c>user:</c> and the id of a user who may
    /// have lost some, or empty when any session may have ended. Triggers of the tables send it.
    /// </summary>
    public const string Sessions = "sessions";

    /// <summary>
    /// A workspace, its latest build, that build's job or its agents changed; the payload is the id of the workspace. The database itself
    /// sends it (migration 0013), whoever writes.
    /// </summary>
    public const string Workspaces = "workspaces";

    /// <summary>A job entered the queue; the payload is its organization (docs/spec/workspaces.md, section 3.2).</summary>
    public const string ProvisionerJobPosted = "provisioner_job_posted";

    /// <summary>A job was taken, canceled or ended, or its log grew; the payload is the job.</summary>
    public const string ProvisionerJobChanged = "provisioner_job_changed";

    /// <summary>Lines were added to the log of an agent; the payload is the id of the agent.</summary>
    public const string AgentLogs = "agent_logs";

    /// <summary>All channels.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Licenses, Appearance, Inbox, Sessions, Workspaces, ProvisionerJobPosted, ProvisionerJobChanged, AgentLogs,
    ];
}

/// <summary>Receives what <see cref="INotifier"/> sends, from any node.</summary>
public interface INotificationSource
{
    /// <summary>
    /// Calls <paramref name="handler"/> for each notification on the channel, and with <see langword="null"/> whenever notifications
    /// may have been missed (a lost connection). Handlers must be quick and must not throw.
    /// </summary>
    /// <returns>Ends the subscription when disposed.</returns>
    IDisposable Subscribe(string channel, Action<string?> handler);
}

/// <summary>New ids, so that they are an argument of the rules and not ambient.</summary>
public interface IIds
{
    /// <summary>A random UUID (version 4).</summary>
    Guid Random();

    /// <summary>A UUID that grows with time (version 7), for tables that grow by appending.</summary>
    Guid Sequential();
}

/// <summary>Tells an expected failure of the infrastructure (database away, statement timed out) from a bug.</summary>
public interface IFailureClassifier
{
    /// <returns>The error to answer with, or <see langword="null"/> when the exception is a bug.</returns>
    Error? Classify(Exception exception);
}

/// <summary>This deployment: all servers on one database.</summary>
public interface IDeployment
{
    /// <summary>Made once, by the migrations.</summary>
    Guid Id { get; }
}
