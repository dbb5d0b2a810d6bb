using System.ComponentModel.DataAnnotations;
using Coder.Api.Swagger;
using Coder.Application.Builds;
using Coder.Application.Workspaces;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;

namespace Coder.Api.Builds;

/// <summary>A value for a parameter of a template.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Value">The value, as text whatever its type is.</param>
public sealed record WorkspaceBuildParameterJson(string? Name, string? Value)
{
    internal static IReadOnlyList<ParameterValue> Read(IReadOnlyList<WorkspaceBuildParameterJson?>? values) =>
        [.. (values ?? []).Select(value => new ParameterValue(value?.Name ?? "", value?.Value ?? ""))];
}

/// <summary>Starts, stops or deletes a workspace.</summary>
public sealed record CreateWorkspaceBuildRequestJson
{
    /// <summary>What to do.</summary>
    [Required]
    [WireNames(typeof(WorkspaceTransition))]
    public string? Transition { get; init; }

    /// <summary>The version to build; left out for that of the last build.</summary>
    public Guid? TemplateVersionId { get; init; }

    /// <summary>The preset whose values are taken where none are given.</summary>
    public Guid? TemplateVersionPresetId { get; init; }

    /// <summary>Values of parameters; what is left out keeps its value.</summary>
    public IReadOnlyList<WorkspaceBuildParameterJson?>? RichParameterValues { get; init; }

    /// <summary>Where the request comes from; kept for starts only.</summary>
    [DocumentedTexts("dashboard", "cli", "ssh_connection", "vscode_connection", "jetbrains_connection")]
    public string? Reason { get; init; }

    /// <summary>debug shows more in the log.</summary>
    [DocumentedTexts("debug")]
    public string? LogLevel { get; init; }

    /// <summary>Whether what was provisioned is left behind; for deletions only.</summary>
    public bool? Orphan { get; init; }

    /// <summary>A state of the provisioner in the place of the last one, in base64; for template admins.</summary>
    public byte[]? State { get; init; }

    /// <summary>Is ignored.</summary>
    public bool? DryRun { get; init; }

    internal NewBuildFields ToFields() => new()
    {
        VersionId = TemplateVersionId.OrNone(),
        PresetId = TemplateVersionPresetId.OrNone(),
        Values = WorkspaceBuildParameterJson.Read(RichParameterValues),
        Reason = Reason ?? "",
        LogLevel = LogLevel ?? "",
        Orphan = Orphan ?? false,
        State = State is { Length: > 0 } ? State : null,
    };
}

/// <summary>Makes a workspace.</summary>
public sealed record CreateWorkspaceRequestJson
{
    /// <summary>What it is made of: this template, in its active version. Either this or a version must be named.</summary>
    public Guid? TemplateId { get; init; }

    /// <summary>What it is made of: this version of its template.</summary>
    public Guid? TemplateVersionId { get; init; }

    /// <summary>The preset whose values are taken where none are given.</summary>
    public Guid? TemplateVersionPresetId { get; init; }

    /// <summary>1 to 32 letters, digits and single hyphens; unique among the workspaces of the owner without regard to case.</summary>
    [Required]
    public string? Name { get; init; }

    /// <summary>When it is started every week, such as <c>CRON_TZ=Europe/Berlin 30 9 * * 1-5</c>; left out for never.</summary>
    public string? AutostartSchedule { get; init; }

    /// <summary>How long it runs after a start, at least a minute; left out or 0 for what the template says.</summary>
    public long? TtlMs { get; init; }

    /// <summary>Whether it moves to the active version whenever it starts by itself; left out for never.</summary>
    [WireNames(typeof(AutomaticUpdates))]
    public string? AutomaticUpdates { get; init; }

    /// <summary>Values of parameters.</summary>
    public IReadOnlyList<WorkspaceBuildParameterJson?>? RichParameterValues { get; init; }

    internal NewWorkspaceFields ToFields() => new()
    {
        TemplateId = TemplateId.OrNone(),
        VersionId = TemplateVersionId.OrNone(),
        PresetId = TemplateVersionPresetId.OrNone(),
        Name = Name ?? "",
        AutostartSchedule = AutostartSchedule ?? "",
        TtlMilliseconds = TtlMs,
        AutomaticUpdates = AutomaticUpdates ?? "",
        Values = WorkspaceBuildParameterJson.Read(RichParameterValues),
    };
}

internal static class RequestIds
{
    /// <summary>The nil UUID counts as absent (docs/spec/workspaces.md, section 11).</summary>
    public static Guid? OrNone(this Guid? id) => id == Guid.Empty ? null : id;
}

/// <summary>Replaces the state of a build.</summary>
/// <param name="State">In base64; left out or empty, there is none afterwards.</param>
public sealed record UpdateWorkspaceBuildStateRequestJson(byte[]? State);
