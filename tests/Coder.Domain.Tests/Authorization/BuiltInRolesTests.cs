using Coder.Domain.Authorization;
using static Coder.Domain.Tests.Authorization.Subjects;

namespace Coder.Domain.Tests.Authorization;

/// <summary>The matrix of docs/spec/platform.md 6.2 and 6.3: every role, level, type and action.</summary>
public sealed class BuiltInRolesTests
{
    private const string Owner = """
        everything
        workspace_dormant: read delete create update stop create_agent delete_agent
        prebuilt_workspace: update delete
        user_secret: nothing
        usage_event: nothing
        """;

    private const string Member = """
        assign_role: read
        oauth2_app: read
        workspace_proxy: read
        """;

    private const string OwnObjects = """
        everything
        user: read read_personal update_personal
        organization_member: read
        workspace_dormant: read delete create update stop create_agent delete_agent
        prebuilt_workspace: nothing
        """;

    private const string OrganizationMember = """
        organization: read
        provisioner_daemon: read
        assign_org_role: read
        """;

    private static readonly Dictionary<string, string> SiteTables = new(StringComparer.Ordinal)
    {
        ["owner"] = Owner,
        ["member"] = Member,
        ["auditor"] = """
            audit_log: read
            connection_log: read
            assign_org_role: read
            template: read view_insights
            user: read
            group: read
            group_member: read
            organization: read
            organization_member: read
            deployment_stats: read
            deployment_config: read
            """,
        ["template-admin"] = """
            template: create read update delete use view_insights
            file: create read
            workspace: read
            prebuilt_workspace: update delete
            provisioner_daemon: create read update delete
            assign_org_role: read
            user: read
            group: read
            group_member: read
            organization: read
            organization_member: read
            """,
        ["user-admin"] = """
            user: create read update delete read_personal update_personal
            group: create read update delete
            group_member: read
            organization: read
            organization_member: create read update delete
            assign_role: assign unassign read
            assign_org_role: assign unassign read
            idpsync_settings: read update
            """,
        ["organization-admin"] = "user: read",
        ["organization-member"] = "",
        ["organization-auditor"] = "",
        ["organization-user-admin"] = "user: read",
        ["organization-template-admin"] = "",
        ["organization-workspace-creation-ban"] = "",
    };

    private static readonly Dictionary<string, string> OrganizationTables = new(StringComparer.Ordinal)
    {
        ["organization-admin"] = """
            everything
            workspace: create read update delete start stop create_agent delete_agent
            workspace_dormant: read delete create update stop create_agent delete_agent
            prebuilt_workspace: update delete
            assign_role: nothing
            user_secret: nothing
            """,
        ["organization-member"] = OrganizationMember,
        ["organization-auditor"] = """
            audit_log: read
            connection_log: read
            template: read view_insights
            group: read
            group_member: read
            organization: read
            organization_member: read
            """,
        ["organization-user-admin"] = """
            organization_member: create read update delete
            group: create read update delete
            group_member: read
            assign_org_role: assign unassign read
            organization: read
            idpsync_settings: read update
            """,
        ["organization-template-admin"] = """
            template: create read update delete use view_insights
            file: create read
            workspace: read
            prebuilt_workspace: update delete
            provisioner_daemon: create read update delete
            provisioner_jobs: read update create
            organization: read
            organization_member: read
            group: read
            group_member: read
            """,
        ["organization-workspace-creation-ban"] = "",
    };

    private static readonly BuiltInRoles Roles = BuiltInRoles.For(AuthorizationOptions.Default);

    public static TheoryData<string> SiteRoles => [.. SiteTables.Keys.Where(name => !OrganizationTables.ContainsKey(name))];

    public static TheoryData<string> OrganizationRoleNames => [.. OrganizationTables.Keys];

    [Theory]
    [InlineData("owner", "Owner")]
    [InlineData("member", "Member")]
    [InlineData("auditor", "Auditor")]
    [InlineData("template-admin", "Template Admin")]
    [InlineData("user-admin", "User Admin")]
    public void Site_roles_have_their_display_names(string name, string displayName)
    {
        Roles.FindSite(name)!.DisplayName.Should().Be(displayName);
        Roles.FindOrganization(name).Should().BeNull();
    }

    [Theory]
    [InlineData("organization-admin", "Organization Admin")]
    [InlineData("organization-member", "")]
    [InlineData("organization-auditor", "Organization Auditor")]
    [InlineData("organization-user-admin", "Organization User Admin")]
    [InlineData("organization-template-admin", "Organization Template Admin")]
    [InlineData("organization-workspace-creation-ban", "Organization Workspace Creation Ban")]
    public void Organization_roles_have_their_display_names(string name, string displayName)
    {
        Roles.FindOrganization(name)!.DisplayName.Should().Be(displayName);
        Roles.FindSite(name).Should().BeNull();
    }

    [Fact]
    public void There_are_five_site_roles_and_six_organization_roles_and_one_of_each_is_implied()
    {
        Roles.Site.Select(r => r.Name).Should().BeEquivalentTo("owner", "member", "auditor", "template-admin", "user-admin");
        Roles.Organization.Select(r => r.Name).Should().BeEquivalentTo(OrganizationTables.Keys);
        Roles.Site.Concat(Roles.Organization).Where(r => r.IsImplied).Select(r => r.Name)
            .Should().Equal("member", "organization-member");
    }

    [Theory]
    [MemberData(nameof(SiteRoles))]
    public void A_site_role_lists_exactly_its_permissions(string name)
    {
        var role = Roles.FindSite(name)!;

        RoleTable.Names(role.SitePermissions, negate: false).Should().BeEquivalentTo(RoleTable.Parse(SiteTables[name]));
        RoleTable.Names(role.UserPermissions, negate: false)
            .Should().BeEquivalentTo(name == "member" ? RoleTable.Parse(OwnObjects) : []);
        role.OrganizationPermissions.Should().BeEmpty();
        role.SitePermissions.Concat(role.UserPermissions).Should().NotContain(r => r.Negate);
    }

    [Theory]
    [MemberData(nameof(OrganizationRoleNames))]
    public void An_organization_role_lists_exactly_its_permissions(string name)
    {
        var role = Roles.FindOrganization(name)!;

        RoleTable.Names(role.OrganizationPermissions, negate: false).Should().BeEquivalentTo(RoleTable.Parse(OrganizationTables[name]));
        RoleTable.Names(role.OrganizationPermissions, negate: true).Should().BeEquivalentTo(
            name == "organization-workspace-creation-ban" ? RoleTable.Parse("workspace: create delete create_agent delete_agent") : []);
        RoleTable.Names(role.SitePermissions, negate: false).Should().BeEquivalentTo(RoleTable.Parse(SiteTables[name]));
        role.UserPermissions.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(SiteRoles))]
    public void A_site_role_decides_the_whole_matrix_for_things_of_nobody(string name)
    {
        var allowed = RoleTable.Allowed(Actor(site: [name]), type => new ObjectRef(type));

        allowed.Should().BeEquivalentTo(Union(SiteTables[name], Member));
    }

    [Theory]
    [MemberData(nameof(SiteRoles))]
    public void A_site_role_decides_the_whole_matrix_for_the_things_of_others_in_a_foreign_organization(string name)
    {
        var allowed = RoleTable.Allowed(
            Actor(site: [name]),
            type => new ObjectRef(type) { Id = Thing, Owner = Other, Organization = OrgA });

        allowed.Should().BeEquivalentTo(Union(SiteTables[name], Member));
    }

    [Theory]
    [MemberData(nameof(SiteRoles))]
    public void A_site_role_decides_the_whole_matrix_for_own_things(string name)
    {
        var allowed = RoleTable.Allowed(Actor(site: [name]), type => new ObjectRef(type) { Id = Thing, Owner = Me });

        allowed.Should().BeEquivalentTo(Union(SiteTables[name], Member, OwnObjects));
    }

    [Theory]
    [MemberData(nameof(OrganizationRoleNames))]
    public void An_organization_role_decides_the_whole_matrix_for_the_things_of_others_there(string name)
    {
        var allowed = RoleTable.Allowed(
            MemberOf(OrgA, name),
            type => new ObjectRef(type) { Id = Thing, Owner = Other, Organization = OrgA });

        allowed.Should().BeEquivalentTo(Union(OrganizationTables[name], SiteTables[name], OrganizationMember, Member));
    }

    [Theory]
    [MemberData(nameof(OrganizationRoleNames))]
    public void An_organization_role_decides_the_whole_matrix_for_own_things_there(string name)
    {
        var allowed = RoleTable.Allowed(
            MemberOf(OrgA, name),
            type => new ObjectRef(type) { Id = Thing, Owner = Me, Organization = OrgA });

        var expected = Union(OrganizationTables[name], SiteTables[name], OrganizationMember, Member, OwnObjects);
        if (name == "organization-workspace-creation-ban")
        {
            expected.ExceptWith(RoleTable.Parse("workspace: create delete create_agent delete_agent"));
        }

        allowed.Should().BeEquivalentTo(expected);
    }

    [Theory]
    [MemberData(nameof(OrganizationRoleNames))]
    public void An_organization_role_says_nothing_about_another_organization(string name)
    {
        var allowed = RoleTable.Allowed(
            MemberOf(OrgA, name),
            type => new ObjectRef(type) { Id = Thing, Owner = Other, Organization = OrgB });

        allowed.Should().BeEquivalentTo(Union(SiteTables[name], Member));
    }

    [Fact]
    public void With_owner_workspace_access_disabled_the_owner_neither_opens_shells_nor_applications()
    {
        var owner = Actor(site: ["owner"], disableOwnerWorkspaceAccess: true);

        var allowed = RoleTable.Allowed(owner, type => new ObjectRef(type) { Id = Thing, Owner = Other, Organization = OrgA });

        var expected = Union(Owner, Member);
        expected.ExceptWith(["workspace:ssh", "workspace:application_connect"]);
        allowed.Should().BeEquivalentTo(expected);
    }

    [Fact]
    public void With_owner_workspace_access_disabled_owners_still_open_their_own_workspaces()
    {
        var owner = Actor(site: ["owner"], organizations: [In(OrgA)], disableOwnerWorkspaceAccess: true);

        var mine = ObjectRef.Workspace(Thing, Me, OrgA, dormant: false);

        Authorizer.Can(owner, PermissionAction.Ssh, mine).Should().BeTrue();
        Authorizer.Can(owner, PermissionAction.ApplicationConnect, mine).Should().BeTrue();
    }

    [Fact]
    public void Unknown_stored_names_grant_nothing()
    {
        var actor = Actor(site: ["root", "Owner", "organization-admin"], organizations: [In(OrgA, "owner", "gone", "organization-Admin")]);

        var allowed = RoleTable.Allowed(actor, type => new ObjectRef(type) { Id = Thing, Owner = Other, Organization = OrgA });

        allowed.Should().BeEquivalentTo(Union(Member, OrganizationMember));
    }

    [Fact]
    public void Roles_add_up()
    {
        var actor = Actor(
            site: ["auditor", "user-admin"],
            organizations: [In(OrgA, "organization-auditor", "organization-template-admin"), In(OrgB, "organization-user-admin")]);

        var allowed = RoleTable.Allowed(actor, type => new ObjectRef(type) { Id = Thing, Owner = Other, Organization = OrgA });

        allowed.Should().BeEquivalentTo(Union(
            SiteTables["auditor"],
            SiteTables["user-admin"],
            OrganizationTables["organization-auditor"],
            OrganizationTables["organization-template-admin"],
            OrganizationMember,
            Member));
    }

    private static HashSet<string> Union(params string[] tables) => [.. tables.SelectMany(RoleTable.Parse)];
}
