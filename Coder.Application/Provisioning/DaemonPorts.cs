using Coder.Domain.Authorization;
using Coder.Domain.Provisioning;

namespace Coder.Application.Provisioning;

/// <summary>What runs jobs, in this server or elsewhere.</summary>
public sealed record ProvisionerDaemon
{
    /// <summary>Stays the same when the daemon registers again.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it first registered.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last heard of; null: never.</summary>
    public DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>Unique in its organization among the daemons for everybody, or among those of one user.</summary>
    public required string Name { get; init; }

    /// <summary>As the daemon says.</summary>
    public string Version { get; init; } = "";

    /// <summary>The version of the protocol.</summary>
    public string ApiVersion { get; init; } = "";

    /// <summary>What it can execute.</summary>
    public required IReadOnlyList<string> Provisioners { get; init; }

    /// <summary>Whom it works for.</summary>
    public required JobTags Tags { get; init; }

    /// <summary>Where it works.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>The key that it proved itself with, if it did with one.</summary>
    public Guid? KeyId { get; init; }

    /// <summary>The name of the key.</summary>
    public string? KeyName { get; init; }

    /// <summary>The user who registered it; null for those of keys, of the shared secret and of the server itself.</summary>
    public Guid? RegisteredBy { get; init; }

    /// <summary>Whether it runs in a server, which drives it itself.</summary>
    public bool IsBuiltIn { get; init; }

    /// <summary>What it works on.</summary>
    public DaemonJob? CurrentJob { get; init; }

    /// <summary>What it last ended.</summary>
    public DaemonJob? PreviousJob { get; init; }

    /// <summary>What decides who may do what to it; one that serves a single user is that user's.</summary>
    public ObjectRef Reference => ObjectRef.ProvisionerDaemon(
        Id, OrganizationId, Tags.Scope == TagScope.User && Guid.TryParseExact(Tags.Owner, "D", out var owner) ? owner : null);
}

/// <summary>
/// A job of a daemon, with the names of its template, which are empty for a version without one, and where the reader may see neither the
/// template nor the jobs of the organization.
/// </summary>
public sealed record DaemonJob(Guid Id, JobStatus Status, string TemplateName, string TemplateIcon, string TemplateDisplayName);

/// <summary>A daemon that registers.</summary>
public sealed record NewDaemon
{
    /// <summary>The id that it gets if it is new.</summary>
    public required Guid Id { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <inheritdoc cref="ProvisionerDaemon.Name"/>
    public required string Name { get; init; }

    /// <inheritdoc cref="ProvisionerDaemon.Version"/>
    public required string Version { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<ProvisionerType> Provisioners { get; init; }

    /// <inheritdoc cref="ProvisionerDaemon.Tags"/>
    public required JobTags Tags { get; init; }

    /// <inheritdoc cref="ProvisionerDaemon.OrganizationId"/>
    public required Guid OrganizationId { get; init; }

    /// <inheritdoc cref="ProvisionerDaemon.KeyId"/>
    public Guid? KeyId { get; init; }

    /// <inheritdoc cref="ProvisionerDaemon.RegisteredBy"/>
    public Guid? RegisteredBy { get; init; }

    /// <summary>Whether it may take the place of a daemon that somebody else registered.</summary>
    public required bool TakesOver { get; init; }

    /// <summary>Anybody may take the place of a daemon that was not seen since then and has no job that goes on.</summary>
    public required DateTimeOffset GivenUpSince { get; init; }
}

/// <summary>A daemon, and whether it was not known before.</summary>
public sealed record RegisteredDaemon(ProvisionerDaemon Daemon, bool IsNew);

/// <summary>Which daemons are listed. Empty lists ask for nothing.</summary>
/// <param name="Organization">Theirs.</param>
/// <param name="Ids">Only these.</param>
/// <param name="Statuses">Only those whose own status, or the status of whose current or else last job, is one of these names.</param>
/// <param name="Tags">Only those that have all these tags.</param>
/// <param name="Limit">The most.</param>
public sealed record DaemonFilter(
    Guid Organization, IReadOnlyList<Guid> Ids, IReadOnlyList<string> Statuses, IReadOnlyDictionary<string, string> Tags, int Limit);

/// <summary>What decides about whoever has a provisioner key.</summary>
/// <param name="Id">The key.</param>
/// <param name="OrganizationId">Where its daemons work.</param>
/// <param name="Tags">The tags of its daemons.</param>
/// <param name="HashedSecret">SHA-256 of the secret.</param>
public sealed record ProvisionerKeyFacts(
    Guid Id, Guid OrganizationId, IReadOnlyDictionary<string, string> Tags, ReadOnlyMemory<byte> HashedSecret);

/// <summary>Provisioner daemons and their keys.</summary>
public interface IDaemonStore
{
    /// <summary>Adds a daemon, or changes the one that has its name and owner.</summary>
    /// <returns>Null when that is one of a server, or of somebody else who still needs it; nothing was changed then.</returns>
    Task<RegisteredDaemon?> RegisterAsync(NewDaemon daemon, CancellationToken cancellationToken);

    /// <summary>Whether a daemon of a server has a name.</summary>
    Task<bool> IsBuiltInAsync(Guid organization, string name, CancellationToken cancellationToken);

    /// <summary>Finds a daemon, without its jobs.</summary>
    Task<ProvisionerDaemon?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Notes that a daemon was heard of; written at most once a second.</summary>
    Task SeenAsync(Guid id, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Deletes the daemons that were not seen since a time, except those with a job that goes on.</summary>
    /// <returns>How many.</returns>
    Task<int> ForgetAsync(DateTimeOffset unseenSince, CancellationToken cancellationToken);

    /// <summary>Lists daemons with their jobs, the one that was seen last first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="scope">What the reader may see.</param>
    /// <param name="templates">Templates whose names the reader may see; those of others are empty.</param>
    /// <param name="now">Decides who is offline.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    Task<IReadOnlyList<ProvisionerDaemon>> ListAsync(
        DaemonFilter filter, ReadScope scope, ReadScope templates, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Finds the key of which this is the hash.</summary>
    Task<ProvisionerKeyFacts?> FindKeyAsync(byte[] hashedSecret, CancellationToken cancellationToken);
}

/// <summary>Which jobs are listed. Empty lists ask for nothing.</summary>
/// <param name="Organization">Theirs.</param>
/// <param name="Ids">Only these.</param>
/// <param name="Statuses">Only those with one of these.</param>
/// <param name="Tags">Only those that have all these tags.</param>
/// <param name="Limit">The most.</param>
public sealed record JobFilter(
    Guid Organization, IReadOnlyList<Guid> Ids, IReadOnlyList<JobStatus> Statuses, IReadOnlyDictionary<string, string> Tags, int Limit);

/// <summary>Finds jobs by what they are.</summary>
public interface IJobList
{
    /// <summary>The newest jobs first.</summary>
    Task<IReadOnlyList<Guid>> ListAsync(JobFilter filter, ReadScope scope, CancellationToken ct);
}
