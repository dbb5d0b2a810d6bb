namespace Coder.Domain.Authorization;

/// <summary>What may be done to an object; which of them a type knows says <see cref="ResourceTypes.Knows"/>.</summary>
/// <remarks>There are exactly sixteen: a set of actions is a 16-bit mask.</remarks>
public enum PermissionAction
{
    /// <summary>Bring a new object into being.</summary>
    Create,

    /// <summary>See that the object exists, and its contents.</summary>
    Read,

    /// <summary>Change the object.</summary>
    Update,

    /// <summary>Remove the object.</summary>
    Delete,

    /// <summary>Make a workspace from a template.</summary>
    Use,

    /// <summary>Open a shell in a workspace.</summary>
    Ssh,

    /// <summary>Open an application of a workspace.</summary>
    ApplicationConnect,

    /// <summary>Start a workspace.</summary>
    Start,

    /// <summary>Stop a workspace.</summary>
    Stop,

    /// <summary>Add an agent to a running workspace.</summary>
    CreateAgent,

    /// <summary>Remove an agent from a running workspace.</summary>
    DeleteAgent,

    /// <summary>Give a role to somebody.</summary>
    Assign,

    /// <summary>Take a role from somebody.</summary>
    Unassign,

    /// <summary>See how a template is used.</summary>
    ViewInsights,

    /// <summary>See a user's personal settings.</summary>
    ReadPersonal,

    /// <summary>Change a user's personal settings.</summary>
    UpdatePersonal,
}
