using Coder.Domain.Authorization;

namespace Coder.Domain.Tests.Authorization;

/// <summary>Actors and ids that the tests of this folder share.</summary>
internal static class Subjects
{
    public static readonly Guid Me = new("00000000-0000-4000-8000-000000000001");
    public static readonly Guid Other = new("00000000-0000-4000-8000-000000000002");
    public static readonly Guid OrgA = new("00000000-0000-4000-8000-00000000000a");
    public static readonly Guid OrgB = new("00000000-0000-4000-8000-00000000000b");
    public static readonly Guid Thing = new("00000000-0000-4000-8000-0000000000ff");

    public static Actor Actor(
        string[]? site = null,
        OrganizationRoles[]? organizations = null,
        Guid[]? groups = null,
        KeyScope? scope = null,
        CustomRole[]? customRoles = null,
        bool disableOwnerWorkspaceAccess = false) =>
        Domain.Authorization.Actor.Create(
            Me,
            "me",
            site ?? [],
            organizations ?? [],
            groups ?? [],
            scope ?? KeyScope.All,
            customRoles ?? [],
            new AuthorizationOptions(disableOwnerWorkspaceAccess));

    public static OrganizationRoles In(Guid organization, params string[] roles) => new(organization, roles);

    public static Actor MemberOf(Guid organization, params string[] roles) => Actor(organizations: [In(organization, roles)]);

    public static PermissionRule Grant(ResourceType type, PermissionAction action) => new(Negate: false, type, action);

    public static PermissionRule Deny(ResourceType type, PermissionAction action) => new(Negate: true, type, action);
}
