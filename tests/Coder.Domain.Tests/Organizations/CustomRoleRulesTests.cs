using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Organizations;
using static Coder.Domain.Tests.Authorization.Subjects;

namespace Coder.Domain.Tests.Organizations;

public sealed class CustomRoleRulesTests
{
    private const string Refused = "Failed to update role permissions";

    [Theory]
    [InlineData("owner")]
    [InlineData("member")]
    [InlineData("User-Admin")]
    [InlineData("organization-member")]
    [InlineData("ORGANIZATION-ADMIN")]
    [InlineData("organization-workspace-creation-ban")]
    public void Names_of_built_in_roles_are_reserved_in_every_case(string name)
    {
        Read(new CustomRoleDraft(name, "", [], [], [])).Error.Should().BeEquivalentTo(
            new { Kind = ErrorKind.Invalid, Message = "Reserved role name" });
    }

    [Fact]
    public void A_role_of_an_organization_says_nothing_about_the_site()
    {
        Read(new CustomRoleDraft("helper", "", [Line("user", "read")], [], [])).Error.Should().Be(new Error(
            ErrorKind.Invalid, "Invalid request, not allowed to assign site wide permissions for an organization role."));
    }

    [Fact]
    public void A_role_of_an_organization_says_nothing_about_what_users_own()
    {
        Read(new CustomRoleDraft("helper", "", [], [], [Line("user", "read")])).Error.Should().Be(new Error(
            ErrorKind.Invalid, "Invalid request, not allowed to assign user permissions for an organization role."));
    }

    [Theory]
    [InlineData("*", "read")]
    [InlineData("template", "*")]
    [InlineData("*", "*")]
    public void A_wildcard_is_refused_whether_the_role_is_made_or_changed(string type, string action)
    {
        var draft = Draft(Line("group", "read"), Line(type, action));
        var expected = new { Message = Refused, Detail = $"The permission \"{type}:{action}\" is a wildcard, and custom roles name single permissions." };

        Read(draft).Error.Should().BeEquivalentTo(expected);
        Read(draft, UnknownPermissions.Drop).Error.Should().BeEquivalentTo(expected);
    }

    [Fact]
    public void A_denial_is_refused()
    {
        Read(Draft(new PermissionLine(true, "template", "read"))).Error.Should().BeEquivalentTo(
            new { Message = Refused, Detail = "The permission \"template:read\" is negated, and custom roles only grant." });
    }

    [Theory]
    [InlineData("templates", "read")]
    [InlineData("template", "fly")]
    [InlineData("template", "ssh")]
    [InlineData("Template", "read")]
    [InlineData("", "")]
    [InlineData("templates", "*")]
    public void A_permission_that_does_not_exist_is_refused_in_a_new_role_and_dropped_from_a_changed_one(string type, string action)
    {
        var draft = Draft(Line(type, action), Line("group", "read"));

        Read(draft).Error.Should().BeEquivalentTo(
            new { Kind = ErrorKind.Invalid, Message = Refused, Detail = $"The permission \"{type}:{action}\" does not exist." });
        Read(draft, UnknownPermissions.Drop).Is(out var role, out _).Should().BeTrue();
        role!.Permissions.Should().Equal(Grant(ResourceType.Group, PermissionAction.Read));
    }

    [Fact]
    public void A_role_is_stored_in_lower_case_with_each_permission_once()
    {
        var draft = new CustomRoleDraft("Help-Desk", "Help Desk", [], [Line("group", "read"), Line("template", "use"), Line("group", "read")], []);

        Read(draft).Is(out var role, out _).Should().BeTrue();

        role.Should().BeEquivalentTo(new { Name = "help-desk", DisplayName = "Help Desk", Organization = OrgA });
        role!.Permissions.Should().Equal(
            Grant(ResourceType.Group, PermissionAction.Read), Grant(ResourceType.Template, PermissionAction.Use));
    }

    [Theory]
    [InlineData("organization-admin", "template", "update", true)]
    [InlineData("organization-admin", "workspace", "ssh", false)]
    [InlineData("organization-admin", "user_secret", "read", false)]
    [InlineData("organization-admin", "assign_role", "assign", false)]
    [InlineData("organization-template-admin", "template", "update", true)]
    [InlineData("organization-template-admin", "organization_member", "create", false)]
    [InlineData("organization-user-admin", "organization_member", "create", true)]
    [InlineData("organization-user-admin", "assign_org_role", "create", false)]
    [InlineData("organization-workspace-creation-ban", "organization", "read", true)]
    [InlineData("organization-workspace-creation-ban", "workspace", "create", false)]
    public void Nobody_gives_what_they_do_not_have_in_that_organization(string held, string type, string action, bool isAllowed)
    {
        var role = Made(Line("organization", "read"), Line(type, action));

        var refusal = CustomRoleRules.Escalation(MemberOf(OrgA, held), role);

        refusal.Should().Be(isAllowed ? null : new Error(
            ErrorKind.Invalid,
            Refused,
            $"The permission \"{type}:{action}\" is one that you do not have in this organization yourself."));
    }

    [Fact]
    public void What_one_has_elsewhere_or_over_ones_own_things_does_not_count()
    {
        CustomRoleRules.Escalation(MemberOf(OrgB, "organization-admin"), Made(Line("group", "read"))).Should().NotBeNull();
        CustomRoleRules.Escalation(MemberOf(OrgA), Made(Line("workspace", "read"))).Should().NotBeNull();
    }

    [Theory]
    [InlineData("workspace", "ssh", true)]
    [InlineData("user_secret", "read", false)]
    public void An_owner_is_bound_by_the_same_rule(string type, string action, bool isAllowed)
    {
        (CustomRoleRules.Escalation(Actor(site: ["owner"]), Made(Line(type, action))) is null).Should().Be(isAllowed);
    }

    [Fact]
    public void A_custom_role_lets_its_holder_pass_on_only_what_it_grants()
    {
        var mine = new CustomRole("mine", "", OrgA, [Grant(ResourceType.Group, PermissionAction.Read)]);
        var actor = Actor(organizations: [In(OrgA, "mine")], customRoles: [mine]);

        CustomRoleRules.Escalation(actor, Made(Line("group", "read"))).Should().BeNull();
        CustomRoleRules.Escalation(actor, Made(Line("group", "update"))).Should().NotBeNull();
    }

    private static PermissionLine Line(string type, string action) => new(false, type, action);

    private static CustomRoleDraft Draft(params PermissionLine[] permissions) => new("helper", "", [], permissions, []);

    private static CustomRole Made(params PermissionLine[] permissions) =>
        Read(Draft(permissions)).Match(role => role, error => throw new InvalidOperationException(error.Detail));

    private static Result<CustomRole> Read(CustomRoleDraft draft, UnknownPermissions unknown = UnknownPermissions.Refuse) =>
        CustomRoleRules.Read(draft, OrgA, unknown);
}
