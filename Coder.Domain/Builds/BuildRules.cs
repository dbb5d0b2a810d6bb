using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;

namespace Coder.Domain.Builds;

/// <summary>What decides whether a workspace may be built, apart from its parameters (docs/spec/workspaces.md, section 7.2).</summary>
public static class BuildRules
{
    /// <summary>A workspace has one build at a time. Also the answer to the slower of two requests.</summary>
    public static Error AlreadyActive { get; } = new(ErrorKind.Conflict, "A workspace build is already active.");

    /// <summary>Resources are left behind only where everything is given up.</summary>
    public static Error OrphanWithoutDelete { get; } = new(ErrorKind.Invalid, "Orphan is only permitted when deleting a workspace.");

    /// <summary>The answer to whoever is no template admin and names another version than the active one.</summary>
    public static Error ActiveVersionRequired { get; } = Error.Forbidden with
    {
        Detail = "The template requires that its workspaces are started from the active version.",
    };

    /// <summary>The workspace is gone, and the caller could read it.</summary>
    public static Error WorkspaceDeleted(Guid id) => new(
        ErrorKind.Gone,
        $"Workspace \"{id}\" was deleted, you can view this workspace by specifying '?include_deleted=true' and trying again.");

    /// <summary>Whether somebody may have a workspace built.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="transition">What for.</param>
    /// <param name="workspace">The workspace; a dormant one cannot be started by anybody.</param>
    /// <returns>The refusal of somebody who may read the workspace, or <see langword="null"/>.</returns>
    public static Error? JudgePermission(Actor actor, WorkspaceTransition transition, in ObjectRef workspace) =>
        Authorizer.CanWorkspace(actor, ActionOf(transition), workspace)
            ? null
            : new Error(ErrorKind.Forbidden, $"You do not have permission to {transition.WireName()} this workspace.");

    /// <summary>The state of a build whose job goes on: its daemon will write it.</summary>
    public static Error StateInUse { get; } = new(
        ErrorKind.Conflict, "The build has not ended.", "Its provisioner writes the state at the end; replace it afterwards.");

    /// <summary>Whether a version can be built.</summary>
    /// <param name="name">The name of the version.</param>
    /// <param name="import">What has become of its import.</param>
    /// <param name="error">Why the import failed; empty when it did not.</param>
    /// <returns>The refusal, or <see langword="null"/>.</returns>
    public static Error? JudgeImport(string name, JobStatus import, string error) => import switch
    {
        JobStatus.Succeeded => null,
        _ when import.IsActive() => new Error(
            ErrorKind.NotAcceptable,
            $"The provided template version is {import.WireName()}. Wait for it to complete importing!"),
        _ => new Error(
            ErrorKind.Invalid,
            $"The provided template version \"{name}\" has failed to import: \"{(string.IsNullOrEmpty(error) ? import.WireName() : error)}\". You cannot build workspaces with it!"),
    };

    /// <summary>Why there is a build, as it is kept: what clients name counts for starts only.</summary>
    /// <param name="requested">What the request names, if anything.</param>
    /// <param name="transition">What the build does.</param>
    public static BuildReason ReasonOf(BuildReason? requested, WorkspaceTransition transition) =>
        transition == WorkspaceTransition.Start ? requested ?? BuildReason.Initiator : BuildReason.Initiator;

    /// <summary>The version of a build that names none.</summary>
    /// <param name="transition">What the build does.</param>
    /// <param name="active">The active version of the template.</param>
    /// <param name="last">The version of the build before; <see langword="null"/> for the first build.</param>
    /// <param name="requiresActive">Whether the template lets workspaces start from its active version only.</param>
    /// <remarks>
    /// A stop or a deletion keeps the version of what it ends, also where a start may not: a newer one may ask for values that nobody gave.
    /// </remarks>
    public static Guid VersionOf(WorkspaceTransition transition, Guid active, Guid? last, bool requiresActive) =>
        last is { } version && !(requiresActive && transition == WorkspaceTransition.Start) ? version : active;

    /// <summary>Whether a template lets only its admins build from this version.</summary>
    /// <param name="transition">What the build does; stopping and deleting is possible with every version.</param>
    /// <param name="template">The template, as the license lets it apply.</param>
    /// <param name="version">The version of the build.</param>
    public static bool NeedsActiveVersion(WorkspaceTransition transition, Template template, Guid version)
    {
        ArgumentNullException.ThrowIfNull(template);
        return template.RequireActiveVersion && transition == WorkspaceTransition.Start && version != template.ActiveVersionId;
    }

    /// <summary>There is no such version, or it is one of another template.</summary>
    public static Error NoVersion(Guid id) => new(
        ErrorKind.Invalid,
        $"Template version \"{id}\" doesn't exist in the template of the workspace.",
        null,
        [new FieldError("template_version_id", "The template has no such version.")]);

    /// <summary>There is no such preset, or it is one of another version.</summary>
    public static Error NoPreset(Guid id) => new(
        ErrorKind.Invalid,
        $"Preset \"{id}\" doesn't exist in the template version.",
        null,
        [new FieldError("template_version_preset_id", "The template version has no such preset.")]);

    private static PermissionAction ActionOf(WorkspaceTransition transition) => transition switch
    {
        WorkspaceTransition.Start => PermissionAction.Start,
        WorkspaceTransition.Stop => PermissionAction.Stop,
        WorkspaceTransition.Delete => PermissionAction.Delete,
        _ => throw new ArgumentOutOfRangeException(nameof(transition)),
    };
}
