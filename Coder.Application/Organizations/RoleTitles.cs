using Coder.Domain.Authorization;

namespace Coder.Application.Organizations;

/// <summary>What people read in the place of the role names of one organization.</summary>
public sealed class RoleTitles
{
    private readonly IReadOnlyList<CustomRole> _custom;

    private RoleTitles(IReadOnlyList<CustomRole> custom) => _custom = custom;

    /// <summary>The title of a role; a name that is not known any more stands for itself.</summary>
    public string Of(string role) =>
        BuiltIn(role)?.DisplayName ?? _custom.FirstOrDefault(r => r.Name == role)?.DisplayName ?? role;

    internal static RoleTitles From(IReadOnlyList<CustomRole> custom) => new(custom);

    /// <summary>Asks for the custom roles only where somebody has one.</summary>
    internal static async Task<RoleTitles> ForAsync(
        ICustomRoleStore roles, Guid organization, IEnumerable<string> held, CancellationToken ct) =>
        new(held.All(role => BuiltIn(role) is not null) ? [] : await roles.ListAsync(organization, ct));

    private static Role? BuiltIn(string role) => BuiltInRoles.For(AuthorizationOptions.Default).FindOrganization(role);
}
