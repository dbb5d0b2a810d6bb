namespace Coder.Domain.Authorization;

/// <summary>Whether the objects of a type belong to an organization.</summary>
internal enum OrganizationPart
{
    Never,
    Optional,
    Always,
}

/// <summary>Where the access control lists of a type's objects come from.</summary>
internal enum AclPart
{
    None,

    /// <summary>A list of users and a list of groups are stored with the object.</summary>
    Stored,

    /// <summary>A group is readable by those who are in it, which no column says.</summary>
    OwnGroup,
}

/// <summary>One row of the table of types.</summary>
internal sealed record ResourceFacts(
    ResourceType Type,
    string Name,
    ActionMask Actions,
    bool Own = false,
    OrganizationPart Org = OrganizationPart.Never,
    AclPart Acl = AclPart.None);
