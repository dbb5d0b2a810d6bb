using Coder.Domain.Authorization;
using static Coder.Domain.Tests.Authorization.Subjects;

namespace Coder.Domain.Tests.Authorization;

/// <summary>The decision of docs/spec/platform.md 6.5 and its consequences.</summary>
public sealed class AuthorizerTests
{
    private static readonly Guid Group = new("00000000-0000-4000-8000-000000000061");

    private static readonly ObjectRef MyWorkspaceInA = ObjectRef.Workspace(Thing, Me, OrgA, dormant: false);

    [Fact]
    public void A_site_grant_beats_an_organization_deny()
    {
        var banned = Actor(site: ["owner"], organizations: [In(OrgA, "organization-workspace-creation-ban")]);

        Authorizer.Can(banned, PermissionAction.Create, MyWorkspaceInA).Should().BeTrue();
    }

    [Fact]
    public void An_organization_deny_beats_the_grants_of_the_same_organization_and_of_ownership()
    {
        var banned = MemberOf(OrgA, "organization-admin", "organization-workspace-creation-ban");

        Authorizer.Can(banned, PermissionAction.Create, MyWorkspaceInA).Should().BeFalse();
        Authorizer.Can(banned, PermissionAction.Update, MyWorkspaceInA).Should().BeTrue();
    }

    [Fact]
    public void A_deny_in_one_organization_does_not_touch_another()
    {
        var actor = Actor(organizations: [In(OrgA, "organization-workspace-creation-ban"), In(OrgB)]);

        Authorizer.Can(actor, PermissionAction.Create, MyWorkspaceInA).Should().BeFalse();
        Authorizer.Can(actor, PermissionAction.Create, ObjectRef.Workspace(Thing, Me, OrgB, dormant: false)).Should().BeTrue();
    }

    [Fact]
    public void An_entry_of_an_access_list_works_against_a_deny()
    {
        var banned = MemberOf(OrgA, "organization-workspace-creation-ban");
        var shared = ObjectRef.Workspace(
            Thing, Other, OrgA, dormant: false, AccessControlList.Of(Me, PermissionAction.Delete));

        Authorizer.Can(banned, PermissionAction.Delete, shared).Should().BeTrue();
        Authorizer.Can(banned, PermissionAction.Delete, MyWorkspaceInA).Should().BeFalse();
    }

    [Fact]
    public void Who_has_left_the_organization_has_lost_their_own_things_in_it()
    {
        Authorizer.Can(MemberOf(OrgA), PermissionAction.Read, MyWorkspaceInA).Should().BeTrue();
        Authorizer.Can(MemberOf(OrgB), PermissionAction.Read, MyWorkspaceInA).Should().BeFalse();
        Authorizer.Can(Actor(), PermissionAction.Read, MyWorkspaceInA).Should().BeFalse();
    }

    [Fact]
    public void An_object_without_owner_is_nobodys_own()
    {
        var nobody = Domain.Authorization.Actor.Create(
            Guid.Empty, "", [], [], [], KeyScope.All, [], AuthorizationOptions.Default);
        var orphan = new ObjectRef(ResourceType.ApiKey) { Id = Thing, Owner = Guid.Empty };

        Authorizer.Can(Actor(), PermissionAction.Read, orphan).Should().BeFalse();
        Authorizer.Can(nobody, PermissionAction.Read, orphan).Should().BeFalse();
    }

    [Fact]
    public void The_nil_organization_is_no_organization()
    {
        var row = new ObjectRef(ResourceType.AuditLog) { Id = Thing, Organization = Guid.Empty };

        Authorizer.Can(MemberOf(OrgA, "organization-auditor"), PermissionAction.Read, row).Should().BeFalse();
        Authorizer.Can(Actor(site: ["auditor"]), PermissionAction.Read, row).Should().BeTrue();
    }

    [Theory]
    [InlineData("read", true)]
    [InlineData("*", true)]
    [InlineData("use", false)]
    public void A_user_entry_counts_without_membership(string action, bool expected)
    {
        var list = AccessControlList.FromJson($$"""{"{{Me}}": ["{{action}}"]}""");

        Authorizer.Can(Actor(), PermissionAction.Read, ObjectRef.Template(Thing, OrgA, list, null)).Should().Be(expected);
    }

    [Fact]
    public void A_group_entry_counts_for_members_of_the_organization_only()
    {
        var template = ObjectRef.Template(Thing, OrgA, null, AccessControlList.Of(Group, PermissionAction.Read, PermissionAction.Use));

        Authorizer.Can(Actor(organizations: [In(OrgA)], groups: [Group]), PermissionAction.Use, template).Should().BeTrue();
        Authorizer.Can(Actor(organizations: [In(OrgB)], groups: [Group]), PermissionAction.Use, template).Should().BeFalse();
        Authorizer.Can(Actor(organizations: [In(OrgA)]), PermissionAction.Use, template).Should().BeFalse();
    }

    [Fact]
    public void The_organizations_id_in_a_group_list_stands_for_all_its_members()
    {
        var template = ObjectRef.Template(Thing, OrgA, null, AccessControlList.Of(OrgA, PermissionAction.Read));

        Authorizer.Can(MemberOf(OrgA), PermissionAction.Read, template).Should().BeTrue();
        Authorizer.Can(MemberOf(OrgB), PermissionAction.Read, template).Should().BeFalse();
    }

    [Fact]
    public void A_group_is_readable_by_those_who_are_in_it()
    {
        var group = ObjectRef.Group(Group, OrgA);

        Authorizer.Can(Actor(organizations: [In(OrgA)], groups: [Group]), PermissionAction.Read, group).Should().BeTrue();
        Authorizer.Can(Actor(organizations: [In(OrgA)], groups: [Group]), PermissionAction.Update, group).Should().BeFalse();
        Authorizer.Can(MemberOf(OrgA), PermissionAction.Read, group).Should().BeFalse();
        Authorizer.Can(MemberOf(OrgA), PermissionAction.Read, ObjectRef.Group(OrgA, OrgA)).Should().BeTrue("Everyone is in it");
    }

    [Fact]
    public void A_dormant_workspace_is_shared_with_nobody()
    {
        var list = AccessControlList.Of(Me, PermissionAction.Read);

        Authorizer.Can(Actor(), PermissionAction.Read, ObjectRef.Workspace(Thing, Other, OrgA, dormant: false, list)).Should().BeTrue();
        Authorizer.Can(Actor(), PermissionAction.Read, ObjectRef.Workspace(Thing, Other, OrgA, dormant: true, list)).Should().BeFalse();
    }

    [Fact]
    public void A_dormant_workspace_is_not_started()
    {
        var dormant = ObjectRef.Workspace(Thing, Me, OrgA, dormant: true);

        Authorizer.Can(MemberOf(OrgA), PermissionAction.Read, dormant).Should().BeTrue();
        Authorizer.Can(MemberOf(OrgA), PermissionAction.Start, dormant).Should().BeFalse();
    }

    [Fact]
    public void Any_organization_asks_whether_some_organization_allows_and_ignores_denies()
    {
        var question = new ObjectRef(ResourceType.Template) { AnyOrg = true };
        var workspace = new ObjectRef(ResourceType.Workspace) { AnyOrg = true, Owner = Me };

        Authorizer.Can(Actor(organizations: [In(OrgA), In(OrgB, "organization-template-admin")]), PermissionAction.Create, question)
            .Should().BeTrue();
        Authorizer.Can(MemberOf(OrgA), PermissionAction.Create, question).Should().BeFalse();
        Authorizer.Can(MemberOf(OrgA, "organization-workspace-creation-ban"), PermissionAction.Create, workspace).Should().BeTrue();
    }

    [Fact]
    public void Any_organization_wants_membership_of_at_least_one_for_own_things()
    {
        var workspace = new ObjectRef(ResourceType.Workspace) { AnyOrg = true, Owner = Me };

        Authorizer.Can(MemberOf(OrgB), PermissionAction.Create, workspace).Should().BeTrue();
        Authorizer.Can(Actor(), PermissionAction.Create, workspace).Should().BeFalse();
    }

    [Fact]
    public void Any_organization_takes_no_notice_of_the_named_organization_or_of_access_lists()
    {
        var question = new ObjectRef(ResourceType.Template)
        {
            AnyOrg = true,
            Organization = OrgA,
            UserAcl = AccessControlList.Of(Me, PermissionAction.Use),
            GroupAcl = AccessControlList.Of(OrgA, PermissionAction.Use),
        };

        Authorizer.Can(MemberOf(OrgA), PermissionAction.Use, question).Should().BeFalse();
        Authorizer.Can(MemberOf(OrgB, "organization-template-admin"), PermissionAction.Use, question).Should().BeTrue();
    }

    [Fact]
    public void The_scope_for_applications_opens_applications_and_nothing_else()
    {
        var actor = Actor(site: ["owner"], organizations: [In(OrgA)], scope: KeyScope.ApplicationConnect);

        var allowed = RoleTable.Allowed(actor, type => new ObjectRef(type) { Id = Thing, Owner = Me, Organization = OrgA });

        allowed.Should().Equal("workspace:application_connect");
    }

    [Fact]
    public void A_scope_grants_nothing_that_the_roles_do_not()
    {
        var actor = Actor(organizations: [In(OrgA)], scope: KeyScope.ApplicationConnect);

        Authorizer.Can(actor, PermissionAction.ApplicationConnect, ObjectRef.Workspace(Thing, Other, OrgA, dormant: false))
            .Should().BeFalse();
    }

    [Fact]
    public void The_scope_limits_access_lists_too()
    {
        var template = ObjectRef.Template(Thing, OrgA, AccessControlList.Of(Me, PermissionAction.Use), null);

        Authorizer.Can(Actor(), PermissionAction.Use, template).Should().BeTrue();
        Authorizer.Can(Actor(scope: KeyScope.ApplicationConnect), PermissionAction.Use, template).Should().BeFalse();
    }

    [Fact]
    public void A_workspace_agent_reaches_the_ids_of_its_allow_list_only()
    {
        var agent = Actor(organizations: [In(OrgA)], scope: KeyScope.WorkspaceAgent([Thing, Me], blockUserData: false));

        Authorizer.Can(agent, PermissionAction.Read, MyWorkspaceInA).Should().BeTrue();
        Authorizer.Can(agent, PermissionAction.Read, ObjectRef.Workspace(Other, Me, OrgA, dormant: false)).Should().BeFalse();
        Authorizer.Can(agent, PermissionAction.Read, ObjectRef.User(Me)).Should().BeTrue();
        Authorizer.Can(agent, PermissionAction.Read, ObjectRef.ApiKey(Me)).Should().BeFalse("it has no id that the list could contain");
    }

    [Fact]
    public void A_workspace_agent_with_blocked_user_data_does_not_see_its_owner()
    {
        var agent = Actor(organizations: [In(OrgA)], scope: KeyScope.WorkspaceAgent([Thing, Me], blockUserData: true));

        Authorizer.Can(agent, PermissionAction.Read, ObjectRef.User(Me)).Should().BeFalse();
        Authorizer.Can(agent, PermissionAction.ReadPersonal, ObjectRef.User(Me)).Should().BeFalse();
        Authorizer.Can(agent, PermissionAction.Update, MyWorkspaceInA).Should().BeTrue();
    }

    [Fact]
    public void An_allow_list_never_contains_what_has_no_id()
    {
        var agent = Actor(site: ["owner"], scope: KeyScope.WorkspaceAgent([Guid.Empty], blockUserData: false));

        Authorizer.Can(agent, Permission.LicenseRead).Should().BeFalse();
    }

    [Fact]
    public void Scopes_are_found_by_their_stored_names()
    {
        KeyScope.FromName("all").Should().BeSameAs(KeyScope.All);
        KeyScope.FromName("application_connect").Should().BeSameAs(KeyScope.ApplicationConnect);
        KeyScope.FromName("workspace_agent").Should().BeNull();
    }

    [Fact]
    public void Template_admins_delete_and_change_prebuilt_workspaces_and_no_others()
    {
        var admin = Actor(site: ["template-admin"]);
        var stock = ObjectRef.Workspace(Thing, SystemActors.PrebuildsUserId, OrgA, dormant: false);

        Authorizer.CanWorkspace(admin, PermissionAction.Delete, stock).Should().BeTrue();
        Authorizer.CanWorkspace(admin, PermissionAction.Update, stock).Should().BeTrue();
        Authorizer.CanWorkspace(admin, PermissionAction.Start, stock).Should().BeFalse();
        Authorizer.Can(admin, PermissionAction.Delete, stock).Should().BeFalse();
        Authorizer.CanWorkspace(admin, PermissionAction.Delete, ObjectRef.Workspace(Thing, Other, OrgA, dormant: false)).Should().BeFalse();
    }

    [Fact]
    public void An_organization_is_found_among_many()
    {
        var ids = Enumerable.Range(1, 60).Select(n => new Guid(n, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1])).ToArray();
        var actor = Actor(organizations: [.. ids.Select((id, n) => In(id, n == 41 ? ["organization-admin"] : []))]);

        var reachable = ids.Where(id => Authorizer.Can(actor, PermissionAction.Update, ObjectRef.OfOrganization(id)));

        reachable.Should().Equal(ids[41]);
        actor.IsMemberOf(ids[59]).Should().BeTrue();
        actor.IsMemberOf(OrgA).Should().BeFalse();
    }

    [Fact]
    public void A_decision_by_roles_allocates_nothing()
    {
        var actor = Actor(site: ["auditor"], organizations: [In(OrgA, "organization-admin"), In(OrgB)]);
        var workspace = ObjectRef.Workspace(Thing, Other, OrgA, dormant: false);
        Authorizer.Can(actor, PermissionAction.Start, workspace);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Authorizer.Can(actor, PermissionAction.Start, workspace);
            Authorizer.Can(actor, PermissionAction.Ssh, workspace);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }
}
