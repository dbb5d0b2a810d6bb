using Coder.Domain.Authorization;
using Coder.Domain.Provisioning;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;

namespace Coder.Application.Builds;

/// <summary>What is asked of <see cref="WorkspaceBuilder"/>, by a request or by one of the server's loops.</summary>
public sealed record BuildOrder
{
    /// <summary>Whose permissions count.</summary>
    public required Actor Actor { get; init; }

    /// <summary>Who is said to have asked. It need not be the actor: the lifecycle executor builds as the owner of the workspace.</summary>
    public required Guid InitiatorId { get; init; }

    public required WorkspaceTransition Transition { get; init; }

    /// <summary>Why, as it is kept; see <see cref="Domain.Builds.BuildRules.ReasonOf"/> for what clients name.</summary>
    public BuildReason Reason { get; init; }

    /// <summary>The version; null for that of <see cref="Domain.Builds.BuildRules.VersionOf"/>.</summary>
    public Guid? VersionId { get; init; }

    /// <summary>Without a version: whether the active one is taken instead of that of the last build.</summary>
    public bool UseActiveVersion { get; init; }

    /// <summary>The preset; null for the one that the values match, if any (docs/spec/workspaces.md, section 9.5).</summary>
    public Guid? PresetId { get; init; }

    /// <summary>Parameter values that come before those of the preset and of the last build. A name stands once.</summary>
    public IReadOnlyList<ParameterValue> Values { get; init; } = [];

    /// <summary>Whether what was provisioned is forgotten instead of taken down; for a deletion only.</summary>
    public bool Orphan { get; init; }

    /// <summary>A state in the place of that of the last build; null keeps it. Needs update of the template.</summary>
    public byte[]? State { get; init; }

    /// <summary><c>debug</c>, or null.</summary>
    public string? LogLevel { get; init; }

    /// <summary>Whether the build makes or claims a prebuilt workspace.</summary>
    public PrebuildStage Stage { get; init; }
}

/// <summary>A build that is in the queue, or done already.</summary>
/// <param name="Id">The build.</param>
/// <param name="Number">1 for the first one of a workspace.</param>
/// <param name="JobId">Its job.</param>
/// <param name="VersionId">The template version.</param>
/// <param name="Reason">Why, as it is kept.</param>
/// <param name="IsDone">Nothing was provisioned, so the workspace is deleted by now.</param>
public sealed record PlacedBuild(Guid Id, int Number, Guid JobId, Guid VersionId, BuildReason Reason, bool IsDone);

/// <summary>What a build will be made of; every check of the version and of the parameters has been passed.</summary>
public sealed record BuildPlan
{
    public required Template Template { get; init; }

    public required Templates.VersionFacts Version { get; init; }

    public required IReadOnlyList<ParameterValue> Values { get; init; }

    /// <summary>The preset that is kept with the build.</summary>
    public Guid? PresetId { get; init; }

    /// <summary>The preset that the request names, or that the values of the request alone match; prebuilt workspaces are claimed by it.</summary>
    public Guid? RequestedPresetId { get; init; }
}
