using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Coder.Api.Builds;
using Coder.Api.Swagger;
using Coder.Api.Templates;
using Coder.Application.Provisioning;
using Coder.Domain.Provisioning;
using Coder.Domain.Workspaces;

namespace Coder.Api.Provisioning;

/// <summary>All that a daemon needs to know to carry a job out.</summary>
public sealed record AcquiredJobJson
{
    /// <summary>The job.</summary>
    public required ProvisionerJobJson Job { get; init; }

    /// <summary>The manifest of the template as it is written; null when the archive has none.</summary>
    public JsonElement? Manifest { get; init; }

    /// <summary>Of an import.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AcquiredJobTemplateImportJson? TemplateImport { get; init; }

    /// <summary>Of a build.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AcquiredJobWorkspaceBuildJson? WorkspaceBuild { get; init; }

    /// <summary>Of a dry run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AcquiredJobDryRunJson? TemplateDryRun { get; init; }

    internal static AcquiredJobJson From(JobAssignment assignment) => new()
    {
        Job = ProvisionerJobJson.From(assignment.Job),
        Manifest = assignment.Manifest,
        TemplateImport = assignment.Import is { } import
            ? new(import.TemplateVersionId, [.. import.UserVariableValues.Select(v => new UserVariableValueJson(v.Key, v.Value))])
            : null,
        WorkspaceBuild = assignment.Build is { } build ? AcquiredJobWorkspaceBuildJson.From(build, assignment.Job.Input) : null,
        TemplateDryRun = assignment.DryRun is { } dryRun ? AcquiredJobDryRunJson.From(dryRun, assignment.Job) : null,
    };
}

/// <summary>What an import is about.</summary>
/// <param name="TemplateVersionId">The version.</param>
/// <param name="UserVariableValues">Values for the variables of the template.</param>
public sealed record AcquiredJobTemplateImportJson(Guid TemplateVersionId, IReadOnlyList<UserVariableValueJson> UserVariableValues);

/// <summary>What a dry run is about: the start of a workspace that is not made, whose id is that of the job.</summary>
public sealed record AcquiredJobDryRunJson
{
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The version that is tried.</summary>
    public required Guid TemplateVersionId { get; init; }

    /// <summary>What the workspace would be called; may be empty.</summary>
    public required string WorkspaceName { get; init; }

    /// <summary>Who asked.</summary>
    public required Guid WorkspaceOwnerId { get; init; }

    /// <summary>The owner's name; empty if the user is gone.</summary>
    public required string WorkspaceOwnerName { get; init; }

    /// <summary>The owner's address; empty if the user is gone.</summary>
    public required string WorkspaceOwnerEmail { get; init; }

    /// <summary>Values of all parameters.</summary>
    public required IReadOnlyList<WorkspaceBuildParameterJson> RichParameterValues { get; init; }

    /// <summary>Values of the variables of the template version, the sensitive ones too.</summary>
    public required IReadOnlyList<UserVariableValueJson> VariableValues { get; init; }

    internal static AcquiredJobDryRunJson From(DryRunAssignment dryRun, JobView job) => new()
    {
        TemplateVersionId = job.Input.TemplateVersionId ?? Guid.Empty,
        WorkspaceName = job.Input.WorkspaceName ?? "",
        WorkspaceOwnerId = job.InitiatorId,
        WorkspaceOwnerName = dryRun.OwnerName,
        WorkspaceOwnerEmail = dryRun.OwnerEmail,
        RichParameterValues = [.. (job.Input.ParameterValues ?? None).Select(p => new WorkspaceBuildParameterJson(p.Key, p.Value))],
        VariableValues = [.. (job.Input.UserVariableValues ?? None).Select(v => new UserVariableValueJson(v.Key, v.Value))],
    };

}

/// <summary>The token of an agent that runs already.</summary>
/// <param name="AgentName">The agent's name in the template.</param>
/// <param name="Token">What it authenticates itself with.</param>
public sealed record RunningAgentAuthTokenJson(string AgentName, string Token);

/// <summary>What a build is about.</summary>
public sealed record AcquiredJobWorkspaceBuildJson
{
    /// <summary>The build.</summary>
    public required Guid WorkspaceBuildId { get; init; }

    /// <summary>From 1.</summary>
    public required int BuildNumber { get; init; }

    /// <summary>What is to happen.</summary>
    [WireNames(typeof(WorkspaceTransition))]
    public required string Transition { get; init; }

    /// <summary>Why.</summary>
    [WireNames(typeof(BuildReason))]
    public required string Reason { get; init; }

    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>Its name.</summary>
    public required string WorkspaceName { get; init; }

    /// <summary>Its owner.</summary>
    public required Guid WorkspaceOwnerId { get; init; }

    /// <summary>The owner's name.</summary>
    public required string WorkspaceOwnerName { get; init; }

    /// <summary>The owner's address.</summary>
    public required string WorkspaceOwnerEmail { get; init; }

    /// <summary>Where it belongs.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>Its template.</summary>
    public required Guid TemplateId { get; init; }

    /// <summary>The template's name.</summary>
    public required string TemplateName { get; init; }

    /// <summary>The version that is built.</summary>
    public required Guid TemplateVersionId { get; init; }

    /// <summary>The preset; null if none was chosen.</summary>
    public Guid? TemplateVersionPresetId { get; init; }

    /// <summary>Values of the parameters.</summary>
    public required IReadOnlyList<WorkspaceBuildParameterJson> RichParameterValues { get; init; }

    /// <summary>Values of the variables of the template version, the sensitive ones too.</summary>
    public required IReadOnlyList<UserVariableValueJson> VariableValues { get; init; }

    /// <summary>What the last build left, in base64; empty at the first one.</summary>
    public required string State { get; init; }

    /// <summary>none, create or claim.</summary>
    public required string PrebuiltWorkspaceBuildStage { get; init; }

    /// <summary>debug, or empty.</summary>
    public required string LogLevel { get; init; }

    /// <summary>Of a claim: agents of these names keep their tokens.</summary>
    public required IReadOnlyList<RunningAgentAuthTokenJson> RunningAgentAuthTokens { get; init; }

    internal static AcquiredJobWorkspaceBuildJson From(BuildAssignment build, JobInput input) => new()
    {
        WorkspaceBuildId = build.BuildId,
        BuildNumber = build.BuildNumber,
        Transition = build.Transition.WireName(),
        Reason = build.Reason.WireName(),
        WorkspaceId = build.WorkspaceId,
        WorkspaceName = build.WorkspaceName,
        WorkspaceOwnerId = build.OwnerId,
        WorkspaceOwnerName = build.OwnerName,
        WorkspaceOwnerEmail = build.OwnerEmail,
        OrganizationId = build.OrganizationId,
        TemplateId = build.TemplateId,
        TemplateName = build.TemplateName,
        TemplateVersionId = build.TemplateVersionId,
        TemplateVersionPresetId = build.PresetId,
        RichParameterValues = [.. build.Parameters.Select(p => new WorkspaceBuildParameterJson(p.Key, p.Value))],
        VariableValues = [.. build.Variables.Select(v => new UserVariableValueJson(v.Key, v.Value))],
        State = Convert.ToBase64String(build.State.Span),
        PrebuiltWorkspaceBuildStage = input.Stage.WireName(),
        LogLevel = input.LogLevel ?? "",
        RunningAgentAuthTokens = input.Stage == PrebuildStage.Claim
            ? [.. build.RunningAgents.Select(a => new RunningAgentAuthTokenJson(a.Key, a.Value.ToString()))]
            : [],
    };
}

/// <summary>The result of a job.</summary>
/// <param name="FromManifest">Whether the server takes everything from the manifest in the archive; then nothing else but the state counts.</param>
/// <param name="Parameters">Of an import, as in a manifest.</param>
/// <param name="Presets">Of an import, as in a manifest.</param>
/// <param name="Variables">Of an import, as in a manifest.</param>
/// <param name="StartResources">Of an import: what a started workspace has, as in a manifest.</param>
/// <param name="StopResources">Of an import: what a stopped workspace has, as in a manifest.</param>
/// <param name="Readme">Of an import.</param>
/// <param name="Resources">Of a build, as in a manifest.</param>
/// <param name="State">Of a build: what the next one gets, in base64.</param>
/// <param name="AiTask">As in a manifest.</param>
public sealed record CompleteJobRequestJson(
    bool? FromManifest,
    JsonElement? Parameters,
    JsonElement? Presets,
    JsonElement? Variables,
    JsonElement? StartResources,
    JsonElement? StopResources,
    string? Readme,
    JsonElement? Resources,
    string? State,
    JsonElement? AiTask)
{
    internal WrittenResult ToResult() => new()
    {
        FromManifest = FromManifest ?? false,
        Parameters = Parameters,
        Presets = Presets,
        Variables = Variables,
        StartResources = StartResources,
        StopResources = StopResources,
        Readme = Readme,
        Resources = Resources,
        State = State,
        AiTask = AiTask,
    };
}

/// <summary>A job that was done.</summary>
/// <param name="Job">The job as it is now.</param>
/// <param name="Agents">The agents with what they prove themselves with.</param>
public sealed record CompleteJobResponseJson(ProvisionerJobJson Job, IReadOnlyList<JobAgentTokenJson> Agents)
{
    internal static CompleteJobResponseJson From(CompletedJob done) => new(
        ProvisionerJobJson.From(done.Job), [.. done.Agents.Select(a => new JobAgentTokenJson(a.Id, a.Name, a.Token))]);
}

/// <summary>An agent and its token.</summary>
/// <param name="Id">The agent.</param>
/// <param name="Name">Its name in the template.</param>
/// <param name="AuthToken">What it authenticates itself with.</param>
public sealed record JobAgentTokenJson(Guid Id, string Name, Guid AuthToken);

/// <summary>Ends a job that could not be done.</summary>
/// <param name="Error">Why.</param>
/// <param name="ErrorCode">Why, for programs.</param>
/// <param name="State">Of a build: what the next one gets, in base64; left out for what this one began with.</param>
/// <param name="Variables">
/// Of an import with the code REQUIRED_TEMPLATE_VARIABLES: what the template asks for, as in a manifest. Left out: the server looks into the
/// manifest itself.
/// </param>
public sealed record FailJobRequestJson(
    [property: Required] string? Error,
    [property: WireNames(typeof(JobErrorCode))] string? ErrorCode,
    string? State,
    JsonElement? Variables);

/// <summary>Acknowledges that a job was canceled.</summary>
/// <param name="State">Of a build: what the next one gets, in base64; left out for what this one began with.</param>
public sealed record CanceledJobRequestJson(string? State);

/// <summary>A job that ended.</summary>
/// <param name="Job">The job as it is now.</param>
public sealed record EndedJobResponseJson(ProvisionerJobJson Job);
