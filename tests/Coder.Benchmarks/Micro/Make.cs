using Coder.Domain.Authorization;

namespace Coder.Benchmarks.Micro;

/// <summary>Ids and actors that are the same in every run.</summary>
internal static class Make
{
    public static readonly Guid User = Id(0xff);

    public static Guid Id(int number) => new(number, 0, 0x4000, 0x80, 0, 0, 0, 0, 0, 0, 1);

    public static Guid Organization(int number) => Id(0x1000 + number);

    public static Guid Group(int number) => Id(0x2000 + number);

    public static OrganizationRoles[] Memberships(int count, string? role) =>
        [.. Enumerable.Range(0, count).Select(i => new OrganizationRoles(Organization(i), role is null ? [] : [role]))];

    public static Actor Actor(int organizations, string? siteRole, string? organizationRole = null, int groups = 0) =>
        Domain.Authorization.Actor.Create(
            User,
            "me",
            siteRole is null ? [] : [siteRole],
            Memberships(organizations, organizationRole),
            [.. Enumerable.Range(0, groups).Select(Group)],
            KeyScope.All,
            [],
            AuthorizationOptions.Default);
}
