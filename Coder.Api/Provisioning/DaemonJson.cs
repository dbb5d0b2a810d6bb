using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Coder.Api.Swagger;
using Coder.Application.Provisioning;
using Coder.Domain.Provisioning;

namespace Coder.Api.Provisioning;

/// <summary>What runs provisioner jobs.</summary>
public sealed record ProvisionerDaemonJson
{
    /// <summary>Stays the same when the daemon registers again.</summary>
    public required Guid Id { get; init; }

    /// <summary>Where it works.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>The key that it registered with; nil for none.</summary>
    public required Guid KeyId { get; init; }

    /// <summary>When it first registered.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last heard of; left out if it never was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>As the daemon says.</summary>
    public required string Version { get; init; }

    /// <summary>The version of the protocol.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>What it can execute.</summary>
    public required IReadOnlyList<string> Provisioners { get; init; }

    /// <summary>Whom it works for.</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>The name of its key; empty for none.</summary>
    public required string KeyName { get; init; }

    /// <summary>What it is doing.</summary>
    [WireNames(typeof(DaemonStatus))]
    public required string Status { get; init; }

    /// <summary>What it works on; null for nothing.</summary>
    public ProvisionerDaemonJobJson? CurrentJob { get; init; }

    /// <summary>What it last ended; null for nothing.</summary>
    public ProvisionerDaemonJobJson? PreviousJob { get; init; }

    internal static ProvisionerDaemonJson From(ProvisionerDaemon daemon, DateTimeOffset now) => new()
    {
        Id = daemon.Id,
        OrganizationId = daemon.OrganizationId,
        KeyId = daemon.KeyId ?? Guid.Empty,
        CreatedAt = daemon.CreatedAt,
        LastSeenAt = daemon.LastSeenAt,
        Name = daemon.Name,
        Version = daemon.Version,
        ApiVersion = daemon.ApiVersion,
        Provisioners = daemon.Provisioners,
        Tags = daemon.Tags.Values,
        KeyName = daemon.KeyName ?? "",
        Status = DaemonStatuses.Of(daemon.LastSeenAt, daemon.CurrentJob is not null, now).WireName(),
        CurrentJob = ProvisionerDaemonJobJson.From(daemon.CurrentJob),
        PreviousJob = ProvisionerDaemonJobJson.From(daemon.PreviousJob),
    };
}

/// <summary>A job of a daemon.</summary>
/// <param name="Id">The job.</param>
/// <param name="Status">What has become of it.</param>
/// <param name="TemplateName">Its template; may be empty.</param>
/// <param name="TemplateIcon">A picture; may be empty.</param>
/// <param name="TemplateDisplayName">The template's name for people; may be empty.</param>
public sealed record ProvisionerDaemonJobJson(
    Guid Id,
    [property: WireNames(typeof(JobStatus))] string Status,
    string TemplateName,
    string TemplateIcon,
    string TemplateDisplayName)
{
    internal static ProvisionerDaemonJobJson? From(DaemonJob? job) => job is null
        ? null
        : new(job.Id, job.Status.WireName(), job.TemplateName, job.TemplateIcon, job.TemplateDisplayName);
}

/// <summary>Registers a daemon.</summary>
/// <param name="Name">At most 64 characters.</param>
/// <param name="Provisioners">What it can execute: echo, terraform.</param>
/// <param name="Tags">Whom it works for; with a key its tags count instead.</param>
/// <param name="Version">As the daemon says.</param>
public sealed record RegisterProvisionerDaemonRequestJson(
    [property: Required] string? Name,
    [property: Required] IReadOnlyList<string?>? Provisioners,
    IReadOnlyDictionary<string, string?>? Tags,
    string? Version);

/// <summary>Asks for a job.</summary>
/// <param name="WaitMs">How long to wait for one: 0 to 30,000 milliseconds, 5,000 unless given.</param>
/// <param name="RequestId">The same one again gets the same job as long as that has not ended.</param>
public sealed record AcquireJobRequestJson(int? WaitMs, Guid? RequestId);

/// <summary>Tells how a job goes on.</summary>
/// <param name="Logs">New log lines; may be empty.</param>
/// <param name="Readme">The text of the template version, of an import.</param>
public sealed record UpdateJobRequestJson(IReadOnlyList<ProvisionerLogLineJson?>? Logs, string? Readme);

/// <summary>A log line as a daemon writes it.</summary>
/// <param name="CreatedAt">Now unless given.</param>
/// <param name="Source">provisioner unless given.</param>
/// <param name="Level">info unless given.</param>
/// <param name="Stage">What the job was busy with.</param>
/// <param name="Output">The text. More than 1,024 characters become several lines.</param>
public sealed record ProvisionerLogLineJson(DateTimeOffset? CreatedAt, string? Source, string? Level, string? Stage, string? Output);

/// <summary>What the daemon is told.</summary>
/// <param name="Canceled">Whether it should stop now.</param>
/// <param name="Status">The status of the job.</param>
public sealed record UpdateJobResponseJson(bool Canceled, [property: WireNames(typeof(JobStatus))] string Status);
