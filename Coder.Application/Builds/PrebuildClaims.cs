using Coder.Application.Workspaces;

namespace Coder.Application.Builds;

/// <summary>
/// Hands a workspace that was built before somebody asked to whoever asks now (docs/spec/workspaces.md, section 9.4). A deployment has
/// one of them or none; without, every workspace is built anew.
/// </summary>
public interface IPrebuildClaims
{
    /// <summary>
    /// Takes the oldest workspace that is ready, and gives it the owner, the name and the settings of the claim, within the transaction
    /// of the caller. Two claims never get the same one.
    /// </summary>
    /// <returns>The workspace, whose next build is the claim; <see langword="null"/> when there is none.</returns>
    Task<Guid?> ClaimAsync(PrebuildClaim claim, CancellationToken cancellationToken);
}

/// <summary>What a claimed workspace becomes.</summary>
public sealed record PrebuildClaim
{
    public required Guid TemplateId { get; init; }

    /// <summary>The version of the new build; only a workspace of this version is taken.</summary>
    public required Guid VersionId { get; init; }

    /// <summary>Only a workspace of this preset is taken.</summary>
    public required Guid PresetId { get; init; }

    /// <summary>What the workspace becomes; its id is that of a workspace that is made when nothing can be claimed.</summary>
    public required CreatedWorkspace Workspace { get; init; }
}
