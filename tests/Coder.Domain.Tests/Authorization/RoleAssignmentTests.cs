using Coder.Domain.Authorization;
using Coder.Domain.Common;
using static Coder.Domain.Tests.Authorization.Subjects;

namespace Coder.Domain.Tests.Authorization;

public sealed class RoleAssignmentTests
{
    private static readonly string[] SiteNames = ["owner", "member", "auditor", "template-admin", "user-admin"];

    private static readonly string[] OrganizationNames =
    [
        "organization-admin", "organization-member", "organization-auditor", "organization-user-admin",
        "organization-template-admin", "organization-workspace-creation-ban", "helper",
    ];

    private static readonly CustomRole Helper = new("helper", "Helper", OrgA, []);

    [Theory]
    [InlineData("owner", "owner member auditor template-admin user-admin")]
    [InlineData("user-admin", "member")]
    [InlineData("template-admin", "")]
    [InlineData("auditor", "")]
    [InlineData("member", "")]
    public void A_site_role_gives_these_site_roles(string role, string expected)
    {
        var actor = Actor(site: [role]);

        SiteNames.Where(name => RoleAssignment.CanAssignSite(actor, name)).Should().BeEquivalentTo(Split(expected));
    }

    [Theory]
    [InlineData("owner", true)]
    [InlineData("user-admin", false)]
    [InlineData("template-admin", null)]
    [InlineData("auditor", null)]
    public void A_site_role_gives_all_organization_roles_or_only_the_implied_one_or_none(string role, bool? all)
    {
        var actor = Actor(site: [role]);

        OrganizationNames.Where(name => RoleAssignment.CanAssignInOrganization(actor, OrgA, name)).Should().BeEquivalentTo(
            all switch { true => OrganizationNames, false => ["organization-member"], _ => [] });
    }

    [Theory]
    [InlineData("organization-admin", true)]
    [InlineData("organization-user-admin", false)]
    [InlineData("organization-template-admin", null)]
    [InlineData("organization-auditor", null)]
    [InlineData("organization-workspace-creation-ban", null)]
    public void An_organization_role_gives_all_roles_of_its_organization_or_only_the_implied_one_or_none(string role, bool? all)
    {
        var actor = MemberOf(OrgA, role);

        OrganizationNames.Where(name => RoleAssignment.CanAssignInOrganization(actor, OrgA, name)).Should().BeEquivalentTo(
            all switch { true => OrganizationNames, false => ["organization-member"], _ => [] });
        OrganizationNames.Should().NotContain(name => RoleAssignment.CanAssignInOrganization(actor, OrgB, name));
        SiteNames.Should().NotContain(name => RoleAssignment.CanAssignSite(actor, name));
    }

    [Fact]
    public void The_prebuilds_orchestrator_gives_membership_only()
    {
        OrganizationNames.Where(name => RoleAssignment.CanAssignInOrganization(SystemActors.PrebuildsOrchestrator, OrgA, name))
            .Should().Equal("organization-member");
    }

    [Fact]
    public void Duplicates_and_the_implied_role_are_not_stored()
    {
        var change = RoleAssignment.ChangeSiteRoles(
            Actor(site: ["owner"]), Other, ["auditor"], ["user-admin", "member", "auditor", "user-admin"]);

        change.Is(out var roles, out _).Should().BeTrue();
        roles.Should().Equal("user-admin", "auditor");
    }

    [Fact]
    public void Nobody_changes_their_own_roles()
    {
        RoleAssignment.ChangeSiteRoles(Actor(site: ["owner"]), Me, ["owner"], [])
            .Error.Should().Be(new Error(ErrorKind.Invalid, "You cannot change your own roles."));
        RoleAssignment.ChangeOrganizationRoles(MemberOf(OrgA, "organization-admin"), Me, OrgA, [], [], [])
            .Error.Should().Be(new Error(ErrorKind.Invalid, "You cannot change your own organization roles."));
    }

    [Theory]
    [InlineData("auditor")]
    [InlineData("template-admin")]
    [InlineData("member")]
    public void Without_the_right_to_assign_even_no_change_is_forbidden(string role)
    {
        RoleAssignment.ChangeSiteRoles(Actor(site: [role]), Other, [], []).Error.Should().Be(Error.Forbidden);
        RoleAssignment.ChangeOrganizationRoles(Actor(site: [role], organizations: [In(OrgA)]), Other, OrgA, [], [], [])
            .Error.Should().Be(Error.Forbidden);
    }

    [Theory]
    [InlineData("root")]
    [InlineData("Owner")]
    [InlineData("organization-admin")]
    [InlineData("helper")]
    public void A_site_role_that_does_not_exist_is_refused(string name)
    {
        RoleAssignment.ChangeSiteRoles(Actor(site: ["owner"]), Other, [], [name])
            .Error.Should().Be(new Error(ErrorKind.Invalid, $"\"{name}\" is not a supported role"));
    }

    [Theory]
    [InlineData("owner")]
    [InlineData("elsewhere")]
    public void An_organization_role_that_does_not_exist_there_is_refused(string name)
    {
        RoleAssignment.ChangeOrganizationRoles(
                MemberOf(OrgA, "organization-admin"), Other, OrgA, [], [name], [Helper, new CustomRole("elsewhere", "", OrgB, [])])
            .Error.Should().Be(new Error(ErrorKind.Invalid, $"\"{name}\" is not a supported role"));
    }

    [Fact]
    public void A_role_beyond_ones_right_is_neither_given_nor_taken()
    {
        var admin = Actor(site: ["user-admin"]);
        var refused = new Error(ErrorKind.Invalid, "not authorized to assign role \"auditor\"");

        RoleAssignment.ChangeSiteRoles(admin, Other, [], ["auditor"]).Error.Should().Be(refused);
        RoleAssignment.ChangeSiteRoles(admin, Other, ["auditor"], []).Error.Should().Be(refused);
        RoleAssignment.ChangeSiteRoles(admin, Other, ["auditor"], ["auditor"]).Error.Should().BeNull("it was there before");
    }

    [Fact]
    public void An_organization_admin_gives_and_takes_custom_roles()
    {
        var admin = MemberOf(OrgA, "organization-admin");

        var given = RoleAssignment.ChangeOrganizationRoles(admin, Other, OrgA, ["organization-auditor"], ["helper"], [Helper]);
        var taken = RoleAssignment.ChangeOrganizationRoles(admin, Other, OrgA, ["helper"], ["organization-member"], [Helper]);

        given.Is(out var roles, out _).Should().BeTrue();
        roles.Should().Equal("helper");
        taken.Is(out var left, out _).Should().BeTrue();
        left.Should().BeEmpty();
    }

    [Fact]
    public void An_organization_user_admin_gives_no_organization_role()
    {
        RoleAssignment.ChangeOrganizationRoles(
                MemberOf(OrgA, "organization-user-admin"), Other, OrgA, [], ["organization-auditor"], [])
            .Error.Should().Be(new Error(ErrorKind.Invalid, "not authorized to assign role \"organization-auditor\""));
    }

    private static string[] Split(string names) => names.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
