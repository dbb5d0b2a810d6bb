namespace Coder.Domain.Authorization;

/// <summary>A role that an organization made for itself. It speaks about that organization only.</summary>
public sealed class CustomRole
{
    /// <summary>Compiles the role; lines that name what no longer exists were left out when they were read.</summary>
    public CustomRole(string name, string displayName, Guid organization, IReadOnlyList<PermissionRule> permissions)
    {
        ArgumentNullException.ThrowIfNull(permissions);
        Name = name;
        DisplayName = displayName;
        Organization = organization;
        Permissions = permissions;
        Level = PermissionLevel.From(permissions);
    }

    /// <summary>The stored name, in lower case; unique in its organization.</summary>
    public string Name { get; }

    /// <summary>What people read.</summary>
    public string DisplayName { get; }

    /// <summary>The organization that the role belongs to.</summary>
    public Guid Organization { get; }

    /// <summary>What the role grants and denies in its organization.</summary>
    public IReadOnlyList<PermissionRule> Permissions { get; }

    internal PermissionLevel Level { get; }
}
