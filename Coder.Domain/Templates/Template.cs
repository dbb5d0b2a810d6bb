using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using Coder.Domain.Workspaces;

namespace Coder.Domain.Templates;

/// <summary>What workspaces are made from (docs/spec/workspaces.md, section 2).</summary>
/// <remarks>
/// Rules that need a license (<see cref="TemplateLicensing"/>) are kept as they were stored: who applies a template asks
/// <see cref="TemplateLicensing.Apply"/> first.
/// </remarks>
public sealed record Template
{
    /// <summary>Never changes.</summary>
    public required Guid Id { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC; when anything of it changed last, its active version included.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Never changes.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>Its name is free again; workspaces that were deleted still refer to it.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>Unique in the organization without regard to case, see <see cref="Users.NameRules.IsName"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The name for people; may be empty.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>At most <see cref="TemplateRules.MaximumDescription"/> characters; may be empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>A picture; may be empty.</summary>
    public string Icon { get; init; } = "";

    /// <summary>What the author said; which daemon runs a job depends on the archive of its version.</summary>
    public required ProvisionerType Provisioner { get; init; }

    /// <summary>The version of new workspaces.</summary>
    public required Guid ActiveVersionId { get; init; }

    /// <summary>Who made the template.</summary>
    public required Guid CreatedBy { get; init; }

    /// <summary>What single users may do with it beyond their roles.</summary>
    public AccessControlList UserAcl { get; init; } = AccessControlList.Empty;

    /// <summary>What groups may do with it beyond the roles of their members.</summary>
    public AccessControlList GroupAcl { get; init; } = AccessControlList.Empty;

    /// <summary>Whether members may cancel builds of their workspaces that a daemon works on.</summary>
    public bool AllowUserCancelWorkspaceJobs { get; init; }

    /// <summary>When its workspaces run.</summary>
    public TemplateScheduling Scheduling { get; init; } = TemplateScheduling.None;

    /// <summary>Whether workspaces must be built from the active version, unless a template admin builds them.</summary>
    public bool RequireActiveVersion { get; init; }

    /// <summary>Why no new workspaces can be made of it; empty: they can.</summary>
    public string Deprecated { get; init; } = "";

    /// <summary>With whom at most ports of its workspaces are shared.</summary>
    public AppSharingLevel MaxPortSharingLevel { get; init; }

    /// <summary>Whether forms ask for parameters once, instead of evaluating them anew at every input.</summary>
    public bool UseClassicParameterFlow { get; init; } = true;

    /// <inheritdoc cref="Templates.CorsBehavior"/>
    public CorsBehavior CorsBehavior { get; init; }

    /// <summary>What decisions about the template see of it; also for its versions and presets.</summary>
    public ObjectRef Ref => ObjectRef.Template(Id, OrganizationId, UserAcl, GroupAcl);
}

/// <summary>What the server does about requests between origins to apps of a workspace.</summary>
public enum CorsBehavior
{
    /// <summary>It decides itself.</summary>
    Simple,

    /// <summary>The app decides.</summary>
    Passthru,
}

/// <summary>The names of <see cref="CorsBehavior"/> on the wire and in the database.</summary>
public static class CorsBehaviors
{
    private static readonly WireTable<CorsBehavior> Names = new("simple", "passthru");

    /// <summary>The wire name.</summary>
    public static string WireName(this CorsBehavior behavior) => Names[behavior];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out CorsBehavior behavior) => Names.TryParse(name, out behavior);
}
