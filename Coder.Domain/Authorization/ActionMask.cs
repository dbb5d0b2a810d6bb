namespace Coder.Domain.Authorization;

/// <summary>A set of actions; bit n is the action of number n.</summary>
[Flags]
internal enum ActionMask : ushort
{
    None = 0,
    Create = 1 << PermissionAction.Create,
    Read = 1 << PermissionAction.Read,
    Update = 1 << PermissionAction.Update,
    Delete = 1 << PermissionAction.Delete,
    Use = 1 << PermissionAction.Use,
    Ssh = 1 << PermissionAction.Ssh,
    ApplicationConnect = 1 << PermissionAction.ApplicationConnect,
    Start = 1 << PermissionAction.Start,
    Stop = 1 << PermissionAction.Stop,
    CreateAgent = 1 << PermissionAction.CreateAgent,
    DeleteAgent = 1 << PermissionAction.DeleteAgent,
    Assign = 1 << PermissionAction.Assign,
    Unassign = 1 << PermissionAction.Unassign,
    ViewInsights = 1 << PermissionAction.ViewInsights,
    ReadPersonal = 1 << PermissionAction.ReadPersonal,
    UpdatePersonal = 1 << PermissionAction.UpdatePersonal,
    Crud = Create | Read | Update | Delete,
    Everything = ushort.MaxValue,
}
