using Coder.Domain.Provisioning;

namespace Coder.Application.Provisioning;

/// <summary>A job as it enters the queue (docs/spec/workspaces.md, section 3.2).</summary>
public sealed record NewJob
{
    public required Guid Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid InitiatorId { get; init; }

    public required ProvisionerType Provisioner { get; init; }

    public required JobType Type { get; init; }

    /// <summary>What the job works on: the version of an import, the build of a build.</summary>
    public required JobInput Input { get; init; }

    /// <summary>The archive of the template version.</summary>
    public required Guid FileId { get; init; }

    public required JobTags Tags { get; init; }

    public required QueuePriority Priority { get; init; }
}

/// <summary>What a job works on; stored as JSON and shown as <c>input</c>.</summary>
public sealed record JobInput
{
    /// <summary>The version that an import reads, or a dry run tries.</summary>
    public Guid? TemplateVersionId { get; init; }

    /// <summary>The build that is carried out.</summary>
    public Guid? WorkspaceBuildId { get; init; }

    /// <summary>Values of the template's variables: those that were given, of an import; all of them, of a dry run.</summary>
    public IReadOnlyDictionary<string, string>? UserVariableValues { get; init; }

    /// <summary>What the workspace of a dry run would be called; may be empty.</summary>
    public string? WorkspaceName { get; init; }

    /// <summary>Values of all parameters, of a dry run.</summary>
    public IReadOnlyDictionary<string, string>? ParameterValues { get; init; }

    /// <summary><c>debug</c> when whoever asked for the build wants to see more of it.</summary>
    public string? LogLevel { get; init; }

    /// <summary>Whether the build creates or claims a prebuilt workspace.</summary>
    public PrebuildStage Stage { get; init; }

    /// <summary>Whether the build deletes the workspace and leaves what was provisioned for it.</summary>
    public bool Orphan { get; init; }
}

/// <summary>A job as its readers see it.</summary>
public sealed record JobView
{
    public required Guid Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? CanceledAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public string Error { get; init; } = "";

    public string ErrorCode { get; init; } = "";

    public required JobStatus Status { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid InitiatorId { get; init; }

    public required JobType Type { get; init; }

    public required JobInput Input { get; init; }

    public Guid? WorkerId { get; init; }

    public string WorkerName { get; init; } = "";

    public required Guid FileId { get; init; }

    public required JobTags Tags { get; init; }

    public bool LogsOverflowed { get; init; }

    /// <summary>Place in the queue from 1; 0 when the job does not wait or no daemon seen lately could run it.</summary>
    public int QueuePosition { get; init; }

    /// <summary>Jobs waiting in the same queue; 0 as above.</summary>
    public int QueueSize { get; init; }

    /// <summary>Daemons seen lately that could run the job, filled for a waiting one only.</summary>
    public IReadOnlyList<Guid> AvailableWorkers { get; init; } = [];

    /// <summary>Daemons that could run the job by their tags, seen lately or not.</summary>
    public required MatchedDaemons Matched { get; init; }

    /// <summary>The names of what it works on.</summary>
    public JobSubject Subject { get; init; } = new();
}

/// <summary>The names of what a job works on; of an import there is no workspace, and perhaps no template.</summary>
public sealed record JobSubject
{
    public string TemplateVersionName { get; init; } = "";

    public Guid? TemplateId { get; init; }

    public string TemplateName { get; init; } = "";

    public string TemplateDisplayName { get; init; } = "";

    public string TemplateIcon { get; init; } = "";

    public Guid? WorkspaceId { get; init; }

    public string? WorkspaceName { get; init; }
}

/// <summary>The daemons that could run a job by their tags and provisioners.</summary>
/// <param name="Count">All of them.</param>
/// <param name="Available">Those seen within the last 90 seconds.</param>
/// <param name="MostRecentlySeen">When the last of them was seen; null when there is none.</param>
public sealed record MatchedDaemons(int Count, int Available, DateTimeOffset? MostRecentlySeen);

/// <summary>The job queue as other features use it.</summary>
public interface IJobQueue
{
    /// <summary>Puts a job into the queue, within the transaction of the caller; waiting daemons hear of it at the commit.</summary>
    Task PostAsync(NewJob job, CancellationToken cancellationToken);

    /// <summary>Reads jobs, with their places in the queue, in one statement.</summary>
    /// <returns>By id; a job that does not exist is missing.</returns>
    Task<IReadOnlyDictionary<Guid, JobView>> ReadAsync(IReadOnlyCollection<Guid> jobs, CancellationToken cancellationToken);

    /// <summary>
    /// Locks a job, waiting at most five seconds for it, and reads what decides on its cancellation (section 7.3 step 4).
    /// </summary>
    /// <returns>Null when there is no such job.</returns>
    Task<LockedJob?> LockAsync(Guid job, CancellationToken cancellationToken);

    /// <summary>
    /// Cancels a job that <see cref="LockAsync"/> locked in the same transaction: it ends at once when no daemon has it, and its daemon
    /// and whoever watches hear of it at the commit.
    /// </summary>
    Task CancelAsync(LockedJob job, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>
    /// Gives the first job that waits for a daemon like this one to it, in one statement (section 3.2 rules 2 to 4). Two daemons never get
    /// the same one, and a canceled one is given to nobody.
    /// </summary>
    /// <param name="daemon">Who takes it.</param>
    /// <param name="requestId">Names the request, so that <see cref="FindAcquiredAsync"/> finds the job again; absent: it has no name.</param>
    /// <param name="at">When it is taken.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    /// <returns>The job; null when none waits, or when the same request is being answered at this moment.</returns>
    Task<Guid?> AcquireAsync(Guid daemon, Guid? requestId, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>
    /// Finds the job that a daemon got for a request before and that goes on; once it has ended, the name of the request is free.
    /// </summary>
    Task<Guid?> FindAcquiredAsync(Guid daemon, Guid requestId, CancellationToken cancellationToken);

    /// <summary>Notes that the daemon of a job is at work on it.</summary>
    Task TouchAsync(Guid job, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>
    /// Ends a job that this transaction has locked. It has failed when there is an error, else it has succeeded, or is canceled if
    /// somebody canceled it. Whoever watches hears of it at the commit.
    /// </summary>
    /// <returns><see langword="false"/> when it had ended before; then nothing was written.</returns>
    Task<bool> EndAsync(Guid job, string? error, JobErrorCode? errorCode, DateTimeOffset at, CancellationToken cancellationToken);
}

/// <summary>A job whose row this transaction holds.</summary>
public sealed record LockedJob
{
    public required Guid Id { get; init; }

    public Guid OrganizationId { get; init; }

    public required JobStatus Status { get; init; }

    public DateTimeOffset? CanceledAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public Guid? WorkerId { get; init; }

    public JobType Type { get; init; }

    public Guid FileId { get; init; }
}
