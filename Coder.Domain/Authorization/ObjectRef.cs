namespace Coder.Domain.Authorization;

/// <summary>What an action is about, as far as the decision needs it.</summary>
/// <remarks>The nil UUID counts as absent. The named methods make the shapes of docs/spec/platform.md 6.1.</remarks>
public readonly record struct ObjectRef
{
    private readonly Guid _id;
    private readonly Guid _owner;
    private readonly Guid _organization;

    /// <summary>Refers to the type as a whole: no id, no owner, no organization.</summary>
    public ObjectRef(ResourceType type) => Type = type;

    /// <summary>The type; it decides which roles matter.</summary>
    public ResourceType Type { get; }

    /// <summary>The object's id, compared with the allow-list of a scope only.</summary>
    public Guid? Id
    {
        get => _id == Guid.Empty ? null : _id;
        init => _id = value ?? Guid.Empty;
    }

    /// <summary>The user whose permissions over their own things apply.</summary>
    public Guid? Owner
    {
        get => _owner == Guid.Empty ? null : _owner;
        init => _owner = value ?? Guid.Empty;
    }

    /// <summary>The organization whose roles apply.</summary>
    public Guid? Organization
    {
        get => _organization == Guid.Empty ? null : _organization;
        init => _organization = value ?? Guid.Empty;
    }

    /// <summary>What single users may do beyond their roles.</summary>
    public AccessControlList? UserAcl { get; init; }

    /// <summary>What groups may do beyond the roles of their members; the organization's id stands for Everyone.</summary>
    public AccessControlList? GroupAcl { get; init; }

    /// <summary>
    /// Asks whether there is any organization in which the action would be allowed; then <see cref="Organization"/> is ignored.
    /// </summary>
    public bool AnyOrg { get; init; }

    internal Guid IdOrNil => _id;

    internal Guid OwnerOrNil => _owner;

    internal Guid OrganizationOrNil => _organization;

    /// <summary>An account, which owns itself.</summary>
    public static ObjectRef User(Guid id) => new(ResourceType.User) { Id = id, Owner = id };

    /// <summary>An existing organization.</summary>
    public static ObjectRef OfOrganization(Guid id) => new(ResourceType.Organization) { Id = id, Organization = id };

    /// <summary>A user's membership in an organization; without a user, the memberships as a whole.</summary>
    public static ObjectRef OrganizationMember(Guid organization, Guid? user = null) =>
        new(ResourceType.OrganizationMember) { Id = user, Owner = user, Organization = organization };

    /// <summary>A group, which its members may read.</summary>
    public static ObjectRef Group(Guid id, Guid organization) => new(ResourceType.Group)
    {
        Id = id,
        Organization = organization,
        GroupAcl = AccessControlList.Of(id, PermissionAction.Read),
    };

    /// <summary>A user's membership in a group of an organization.</summary>
    public static ObjectRef GroupMember(Guid organization, Guid user) =>
        new(ResourceType.GroupMember) { Id = user, Owner = user, Organization = organization };

    /// <summary>A session or token of a user. Its id is no UUID, so no allow-list ever contains it.</summary>
    public static ObjectRef ApiKey(Guid owner) => new(ResourceType.ApiKey) { Owner = owner };

    /// <summary>Something of <paramref name="type"/> that only has an organization, for example its job queue.</summary>
    public static ObjectRef In(Guid organization, ResourceType type, Guid? id = null) => new(type) { Id = id, Organization = organization };

    /// <summary>Something of <paramref name="type"/> that only has an owner, for example a notification in an inbox.</summary>
    public static ObjectRef OwnedBy(Guid owner, ResourceType type, Guid? id = null) => new(type) { Id = id, Owner = owner };

    /// <summary>A template, and through it its versions and presets.</summary>
    public static ObjectRef Template(Guid id, Guid organization, AccessControlList? users, AccessControlList? groups) =>
        new(ResourceType.Template) { Id = id, Organization = organization, UserAcl = users, GroupAcl = groups };

    /// <summary>A workspace. A dormant one is of another type and shared with nobody.</summary>
    public static ObjectRef Workspace(
        Guid id,
        Guid owner,
        Guid organization,
        bool dormant,
        AccessControlList? users = null,
        AccessControlList? groups = null) =>
        dormant
            ? new(ResourceType.WorkspaceDormant) { Id = id, Owner = owner, Organization = organization }
            : new(ResourceType.Workspace) { Id = id, Owner = owner, Organization = organization, UserAcl = users, GroupAcl = groups };

    /// <summary>A provisioner daemon; only one that serves a single user has an owner.</summary>
    public static ObjectRef ProvisionerDaemon(Guid? id, Guid organization, Guid? owner = null) =>
        new(ResourceType.ProvisionerDaemon) { Id = id, Owner = owner, Organization = organization };

    /// <summary>The same workspace as stock of its template; it can not be shared.</summary>
    internal ObjectRef AsPrebuilt() => new(ResourceType.PrebuiltWorkspace) { Id = Id, Owner = Owner, Organization = Organization };
}
