using System.Text.Json;
using System.Text.Json.Serialization;

namespace Coder.Cli.Provisionerd;

/// <summary>Body of POST /organizations/{organization}/provisionerdaemons.</summary>
internal sealed record RegisterDaemonJson(
    string Name, IReadOnlyList<string> Provisioners, IReadOnlyDictionary<string, string> Tags, string Version);

/// <summary>Answer to a registration, as far as the daemon reads it.</summary>
internal sealed record DaemonJson(Guid Id, string? Name, IReadOnlyDictionary<string, string>? Tags);

/// <summary>Body of POST …/acquire.</summary>
internal sealed record AcquireJson(int WaitMs, Guid RequestId);

/// <summary>Answer to POST …/acquire.</summary>
internal sealed record AcquiredJobJson(
    JobJson? Job, ImportJson? TemplateImport, BuildJson? WorkspaceBuild, DryRunJson? TemplateDryRun = null);

/// <summary>A job, as far as the daemon reads it.</summary>
internal sealed record JobJson(Guid Id, string? Type, string? Status);

/// <summary>What an import is about.</summary>
internal sealed record ImportJson(Guid TemplateVersionId, IReadOnlyList<NamedValueJson>? UserVariableValues);

/// <summary>What a dry run is about: a start of a workspace that there will never be.</summary>
internal sealed record DryRunJson
{
    public Guid TemplateVersionId { get; init; }

    public string? WorkspaceName { get; init; }

    public Guid WorkspaceOwnerId { get; init; }

    public string? WorkspaceOwnerName { get; init; }

    public string? WorkspaceOwnerEmail { get; init; }

    public IReadOnlyList<NamedValueJson>? RichParameterValues { get; init; }

    public IReadOnlyList<NamedValueJson>? VariableValues { get; init; }

    /// <summary>The start that is tried; its workspace has the id of the job.</summary>
    internal BuildJson AsBuild(Guid job) => new()
    {
        WorkspaceBuildId = job,
        WorkspaceId = job,
        WorkspaceName = WorkspaceName,
        WorkspaceOwnerId = WorkspaceOwnerId,
        WorkspaceOwnerName = WorkspaceOwnerName,
        WorkspaceOwnerEmail = WorkspaceOwnerEmail,
        TemplateVersionId = TemplateVersionId,
        RichParameterValues = RichParameterValues,
        VariableValues = VariableValues,
    };
}

/// <summary>A name and its value.</summary>
internal sealed record NamedValueJson(string? Name, string? Value);

/// <summary>The token of an agent that runs already.</summary>
internal sealed record RunningAgentJson(string? AgentName, string? Token);

/// <summary>What a build is about.</summary>
internal sealed record BuildJson
{
    public Guid WorkspaceBuildId { get; init; }

    public int BuildNumber { get; init; }

    public string? Transition { get; init; }

    public string? Reason { get; init; }

    public Guid WorkspaceId { get; init; }

    public string? WorkspaceName { get; init; }

    public Guid WorkspaceOwnerId { get; init; }

    public string? WorkspaceOwnerName { get; init; }

    public string? WorkspaceOwnerEmail { get; init; }

    public Guid OrganizationId { get; init; }

    public Guid TemplateId { get; init; }

    public string? TemplateName { get; init; }

    public Guid TemplateVersionId { get; init; }

    public IReadOnlyList<NamedValueJson>? RichParameterValues { get; init; }

    public IReadOnlyList<NamedValueJson>? VariableValues { get; init; }

    /// <summary>Base64; empty at the first build.</summary>
    public string? State { get; init; }

    public string? PrebuiltWorkspaceBuildStage { get; init; }

    public IReadOnlyList<RunningAgentJson>? RunningAgentAuthTokens { get; init; }
}

/// <summary>Body of PATCH …/jobs/{job}.</summary>
internal sealed record UpdateJobJson(IReadOnlyList<LogLineJson> Logs);

/// <summary>A log line of a job.</summary>
internal sealed record LogLineJson(DateTimeOffset CreatedAt, string Source, string Level, string Stage, string Output);

/// <summary>Answer to PATCH …/jobs/{job}.</summary>
internal sealed record ProgressJson(bool Canceled, string? Status);

/// <summary>Body of POST …/complete.</summary>
internal sealed record CompleteJobJson
{
    public IReadOnlyList<VariableJson>? Variables { get; init; }

    public IReadOnlyList<ParameterJson>? Parameters { get; init; }

    public IReadOnlyList<PresetJson>? Presets { get; init; }

    public IReadOnlyList<ResourceJson>? StartResources { get; init; }

    public IReadOnlyList<ResourceJson>? StopResources { get; init; }

    public string? Readme { get; init; }

    public IReadOnlyList<ResourceJson>? Resources { get; init; }

    /// <summary>Base64.</summary>
    public string? State { get; init; }

    public AiTaskJson? AiTask { get; init; }
}

/// <summary>Body of POST …/fail.</summary>
internal sealed record FailJobJson(string Error, string? ErrorCode, string? State, IReadOnlyList<VariableJson>? Variables);

/// <summary>Body of POST …/canceled.</summary>
internal sealed record CanceledJobJson(string? State);

/// <summary>Answer to the calls that end a job.</summary>
internal sealed record EndedJobJson(JobJson? Job);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(RegisterDaemonJson))]
[JsonSerializable(typeof(DaemonJson))]
[JsonSerializable(typeof(AcquireJson))]
[JsonSerializable(typeof(AcquiredJobJson))]
[JsonSerializable(typeof(UpdateJobJson))]
[JsonSerializable(typeof(ProgressJson))]
[JsonSerializable(typeof(CompleteJobJson))]
[JsonSerializable(typeof(FailJobJson))]
[JsonSerializable(typeof(CanceledJobJson))]
[JsonSerializable(typeof(EndedJobJson))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class DaemonJsonContext : JsonSerializerContext;
