namespace Coder.Domain.Authorization;

/// <summary>A set of roles as masks, level by level.</summary>
internal sealed record CompiledRoles(PermissionLevel Site, PermissionLevel Organization, PermissionLevel User)
{
    public static CompiledRoles Of(IEnumerable<Role> roles)
    {
        var (site, organization, user) = (PermissionLevel.Empty, PermissionLevel.Empty, PermissionLevel.Empty);
        foreach (var role in roles)
        {
            site = site.Or(role.SiteLevel);
            organization = organization.Or(role.OrganizationLevel);
            user = user.Or(role.UserLevel);
        }

        return new CompiledRoles(site.WithImpliedLogs(), organization.WithImpliedLogs(), user.WithImpliedLogs());
    }
}
