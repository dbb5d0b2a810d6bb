namespace Coder.Domain.Authorization;

/// <summary>One action on one type of object: what a use case asks for.</summary>
public readonly record struct Permission(ResourceType Type, PermissionAction Action)
{
    /// <summary>See the connection log.</summary>
    public static Permission ConnectionLogRead => new(ResourceType.ConnectionLog, PermissionAction.Read);

    /// <summary>See the audit log.</summary>
    public static Permission AuditLogRead => new(ResourceType.AuditLog, PermissionAction.Read);

    /// <summary>Upload a license.</summary>
    public static Permission LicenseCreate => new(ResourceType.License, PermissionAction.Create);

    /// <summary>See the uploaded licenses.</summary>
    public static Permission LicenseRead => new(ResourceType.License, PermissionAction.Read);

    /// <summary>Remove a license.</summary>
    public static Permission LicenseDelete => new(ResourceType.License, PermissionAction.Delete);

    /// <summary>See the settings of the deployment.</summary>
    public static Permission DeploymentConfigRead => new(ResourceType.DeploymentConfig, PermissionAction.Read);

    /// <summary>Change the settings of the deployment.</summary>
    public static Permission DeploymentConfigUpdate => new(ResourceType.DeploymentConfig, PermissionAction.Update);

    /// <summary>The form <c>type:action</c> with the names of the wire.</summary>
    public override string ToString() => $"{Type.WireName()}:{Action.WireName()}";
}
