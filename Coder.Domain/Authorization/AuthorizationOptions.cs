namespace Coder.Domain.Authorization;

/// <summary>The settings that change what built-in roles grant.</summary>
/// <param name="DisableOwnerWorkspaceAccess">
/// <c>CODER_DISABLE_OWNER_WORKSPACE_ACCESS</c>: the owner role no longer opens shells and applications in other people's workspaces.
/// </param>
public sealed record AuthorizationOptions(bool DisableOwnerWorkspaceAccess = false)
{
    /// <summary>
    /// <c>CODER_RESTRICT_USER_SEARCH</c>: who administers organizations only finds their members, and others by their exact name.
    /// </summary>
    public bool RestrictUserSearch { get; init; }

    /// <summary>The settings of a deployment that sets nothing.</summary>
    public static AuthorizationOptions Default { get; } = new();
}
