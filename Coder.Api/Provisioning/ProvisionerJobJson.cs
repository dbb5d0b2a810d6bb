using System.Text.Json.Serialization;
using Coder.Api.Swagger;
using Coder.Application.Provisioning;
using Coder.Domain.Provisioning;

namespace Coder.Api.Provisioning;

/// <summary>A job of the provisioner queue.</summary>
public sealed record ProvisionerJobJson
{
    /// <summary>Never changes.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it entered the queue.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a daemon took it; left out while it waits.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; left out before.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>When somebody canceled it; left out if nobody did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? CanceledAt { get; init; }

    /// <summary>Why it failed; left out if it did not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }

    /// <summary>Why it failed, for programs; mostly left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [WireNames(typeof(JobErrorCode))]
    public string? ErrorCode { get; init; }

    /// <summary>What has become of it.</summary>
    [WireNames(typeof(JobStatus))]
    public required string Status { get; init; }

    /// <summary>The daemon that took it; left out while it waits.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? WorkerId { get; init; }

    /// <summary>The name of that daemon; left out while the job waits.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? WorkerName { get; init; }

    /// <summary>The archive of the template version.</summary>
    public required Guid FileId { get; init; }

    /// <summary>Which daemons may run it.</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>Place among the waiting jobs, from 1; 0 when it does not wait, or waits for a daemon that is not there.</summary>
    public required int QueuePosition { get; init; }

    /// <summary>How many jobs wait for the same daemons; 0 as above.</summary>
    public required int QueueSize { get; init; }

    /// <summary>The organization it belongs to.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>What it works on.</summary>
    public required ProvisionerJobInputJson Input { get; init; }

    /// <summary>What it does.</summary>
    [WireNames(typeof(JobType))]
    public required string Type { get; init; }

    /// <summary>Daemons seen lately that could run it; left out when it does not wait.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Guid>? AvailableWorkers { get; init; }

    /// <summary>The names of what it works on.</summary>
    public required ProvisionerJobMetadataJson Metadata { get; init; }

    /// <summary>Whether its log was cut at 1 MiB.</summary>
    public required bool LogsOverflowed { get; init; }

    internal static ProvisionerJobJson From(JobView job) => new()
    {
        Id = job.Id,
        CreatedAt = job.CreatedAt,
        StartedAt = job.StartedAt,
        CompletedAt = job.CompletedAt,
        CanceledAt = job.CanceledAt,
        Error = job.Error.Length == 0 ? null : job.Error,
        ErrorCode = job.ErrorCode.Length == 0 ? null : job.ErrorCode,
        Status = job.Status.WireName(),
        WorkerId = job.WorkerId,
        WorkerName = job.WorkerName.Length == 0 ? null : job.WorkerName,
        FileId = job.FileId,
        Tags = job.Tags.Values,
        QueuePosition = job.QueuePosition,
        QueueSize = job.QueueSize,
        OrganizationId = job.OrganizationId,
        Input = new ProvisionerJobInputJson(job.Input.TemplateVersionId, job.Input.WorkspaceBuildId, null),
        Type = job.Type.WireName(),
        AvailableWorkers = job.Status == JobStatus.Pending ? job.AvailableWorkers : null,
        Metadata = ProvisionerJobMetadataJson.From(job.Subject),
        LogsOverflowed = job.LogsOverflowed,
    };
}

/// <summary>What a job works on.</summary>
/// <param name="TemplateVersionId">The version that is imported or tried; left out for builds.</param>
/// <param name="WorkspaceBuildId">The build that is carried out; left out for imports.</param>
/// <param name="Error">Always left out.</param>
public sealed record ProvisionerJobInputJson(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? TemplateVersionId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? WorkspaceBuildId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error);

/// <summary>The names of what a job works on.</summary>
public sealed record ProvisionerJobMetadataJson
{
    /// <summary>The template version; empty if it is gone.</summary>
    public required string TemplateVersionName { get; init; }

    /// <summary>The template; left out as long as the version belongs to none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? TemplateId { get; init; }

    /// <summary>Empty without a template.</summary>
    public required string TemplateName { get; init; }

    /// <summary>Empty without a template, or when it has no name for people.</summary>
    public required string TemplateDisplayName { get; init; }

    /// <summary>A picture; may be empty.</summary>
    public required string TemplateIcon { get; init; }

    /// <summary>The workspace; left out for imports.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? WorkspaceId { get; init; }

    /// <summary>The name of the workspace; left out for imports.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? WorkspaceName { get; init; }

    internal static ProvisionerJobMetadataJson From(JobSubject subject) => new()
    {
        TemplateVersionName = subject.TemplateVersionName,
        TemplateId = subject.TemplateId,
        TemplateName = subject.TemplateName,
        TemplateDisplayName = subject.TemplateDisplayName,
        TemplateIcon = subject.TemplateIcon,
        WorkspaceId = subject.WorkspaceId,
        WorkspaceName = subject.WorkspaceName,
    };
}

/// <summary>The daemons that could run a job by their tags.</summary>
/// <param name="Count">All of them.</param>
/// <param name="Available">Those seen within the last 90 seconds.</param>
/// <param name="MostRecentlySeen">When the last of them was seen; null when there is none.</param>
public sealed record MatchedProvisionersJson(int Count, int Available, DateTimeOffset? MostRecentlySeen)
{
    internal static MatchedProvisionersJson From(MatchedDaemons daemons) =>
        new(daemons.Count, daemons.Available, daemons.MostRecentlySeen);
}

/// <summary>A line of a job's log.</summary>
/// <param name="Id">Grows from line to line.</param>
/// <param name="CreatedAt">When it was written.</param>
/// <param name="LogSource">Who wrote it.</param>
/// <param name="LogLevel">How much it matters.</param>
/// <param name="Stage">What the job was busy with.</param>
/// <param name="Output">The text, at most 1,024 characters; longer ones are several lines.</param>
public sealed record ProvisionerJobLogJson(
    long Id,
    DateTimeOffset CreatedAt,
    [property: WireNames(typeof(LogSource))] string LogSource,
    [property: WireNames(typeof(Domain.Provisioning.LogLevel))] string LogLevel,
    string Stage,
    string Output)
{
    internal static ProvisionerJobLogJson From(JobLogEntry entry) => new(
        entry.Id,
        entry.Line.CreatedAt,
        entry.Line.Source.WireName(),
        entry.Line.Level.WireName(),
        entry.Line.Stage,
        entry.Line.Output);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ProvisionerJobJson[]))]
[JsonSerializable(typeof(MatchedProvisionersJson))]
[JsonSerializable(typeof(ProvisionerJobLogJson[]))]
[JsonSerializable(typeof(ProvisionerDaemonJson[]))]
[JsonSerializable(typeof(RegisterProvisionerDaemonRequestJson))]
[JsonSerializable(typeof(ProvisionerKeyJson[]))]
[JsonSerializable(typeof(ProvisionerKeyDaemonsJson[]))]
[JsonSerializable(typeof(CreateProvisionerKeyRequestJson))]
[JsonSerializable(typeof(CreateProvisionerKeyResponseJson))]
[JsonSerializable(typeof(AcquireJobRequestJson))]
[JsonSerializable(typeof(AcquiredJobJson))]
[JsonSerializable(typeof(UpdateJobRequestJson))]
[JsonSerializable(typeof(UpdateJobResponseJson))]
[JsonSerializable(typeof(CompleteJobRequestJson))]
[JsonSerializable(typeof(CompleteJobResponseJson))]
[JsonSerializable(typeof(FailJobRequestJson))]
[JsonSerializable(typeof(CanceledJobRequestJson))]
[JsonSerializable(typeof(EndedJobResponseJson))]
internal sealed partial class ProvisioningJsonContext : JsonSerializerContext;
