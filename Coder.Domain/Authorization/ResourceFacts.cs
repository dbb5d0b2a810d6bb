namespace Coder.Domain.Authorization;

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
/// <param name="Type">The type.</param>
/// <param name="Name">Its name on the wire.</param>
/// <param name="Actions">What can be done to its objects.</param>
/// <param name="Own">Whether its objects can have an owner.</param>
/// <param name="Org">Whether its objects can have an organization; some have none all the same.</param>
/// <param name="Acl">Whether its objects can be shared.</param>
internal sealed record ResourceFacts(
    ResourceType Type,
    string Name,
    ActionMask Actions,
    bool Own = false,
    bool Org = false,
    AclPart Acl = AclPart.None);
