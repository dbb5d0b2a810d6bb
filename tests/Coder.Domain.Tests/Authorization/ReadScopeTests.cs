using Coder.Domain.Authorization;
using CsCheck;
using static Coder.Domain.Tests.Authorization.Subjects;

namespace Coder.Domain.Tests.Authorization;

/// <summary>The shapes of docs/spec/platform.md 6.7.</summary>
public sealed class ReadScopeTests
{
    private static readonly Guid Group = new("00000000-0000-4000-8000-000000000061");

    [Fact]
    public void A_scope_matches_exactly_the_rows_that_the_decision_allows()
    {
        Gen.Select(Generated.Actor, Generated.Question).Sample(
            (actor, question) =>
            {
                var scope = Authorizer.ReadScope(actor, new Permission(question.Row.Type, question.Action));

                return scope.Matches(question.Row) == Authorizer.Can(actor, question.Action, question.Row);
            },
            iter: 50_000);
    }

    [Fact]
    public void Random_decisions_go_both_ways_often_enough_to_prove_something()
    {
        var allowed = 0;
        var narrowed = 0;

        Gen.Select(Generated.Actor, Generated.Question).Sample(
            (actor, question) =>
            {
                var scope = Authorizer.ReadScope(actor, new Permission(question.Row.Type, question.Action));
                Interlocked.Add(ref allowed, scope.Matches(question.Row) ? 1 : 0);
                Interlocked.Add(ref narrowed, scope.Kind is ReadScopeKind.Orgs or ReadScopeKind.OrgsAndOwn ? 1 : 0);
            },
            iter: 5_000);

        allowed.Should().BeInRange(500, 4_500);
        narrowed.Should().BeGreaterThan(500);
    }

    [Fact]
    public void A_site_grant_reads_every_row()
    {
        var scope = Authorizer.ReadScope(Actor(site: ["auditor"]), ResourceType.AuditLog);

        scope.Kind.Should().Be(ReadScopeKind.All);
        scope.AllowList.Should().BeNull();
    }

    [Fact]
    public void Grants_of_organizations_read_the_rows_of_these()
    {
        var actor = Actor(organizations: [In(OrgA, "organization-auditor"), In(OrgB)]);

        var scope = Authorizer.ReadScope(actor, ResourceType.AuditLog);

        scope.Kind.Should().Be(ReadScopeKind.Orgs);
        scope.Organizations.Should().Equal(OrgA);
        scope.Own.Should().BeNull("no row of a log has an owner");
        scope.Shared.Should().BeNull();
    }

    [Fact]
    public void A_plain_member_reads_only_their_own_account()
    {
        var scope = Authorizer.ReadScope(MemberOf(OrgA), ResourceType.User);

        scope.Kind.Should().Be(ReadScopeKind.OrgsAndOwn);
        scope.Organizations.Should().BeEmpty();
        scope.Own!.User.Should().Be(Me);
        scope.Own.HasOrganization.Should().BeFalse();
    }

    [Fact]
    public void Own_rows_lie_in_the_organizations_that_do_not_deny()
    {
        var denying = new CustomRole("helper", "", OrgB, [Deny(ResourceType.WorkspaceDormant, PermissionAction.Read)]);
        var actor = Actor(organizations: [In(OrgA), In(OrgB, "helper")], customRoles: [denying]);

        var scope = Authorizer.ReadScope(actor, ResourceType.WorkspaceDormant);

        scope.Kind.Should().Be(ReadScopeKind.OrgsAndOwn);
        scope.Own!.HasOrganization.Should().BeTrue();
        scope.Own.Organizations.Should().Equal(OrgA);
        scope.Shared.Should().BeNull("dormant workspaces are not shared");
    }

    [Fact]
    public void Types_that_can_be_shared_bring_what_the_lists_are_searched_for()
    {
        var actor = Actor(organizations: [In(OrgA), In(OrgB)], groups: [Group]);

        var scope = Authorizer.ReadScope(actor, ResourceType.Template);

        scope.Kind.Should().Be(ReadScopeKind.Orgs);
        scope.Organizations.Should().BeEmpty();
        scope.Shared.Should().BeEquivalentTo(new SharedRows(Me, PermissionAction.Read, [OrgA, OrgB], [Group], ByGroupId: false));
    }

    [Fact]
    public void Groups_are_shared_with_their_members_by_their_own_id_and_only_for_reading()
    {
        var actor = Actor(organizations: [In(OrgA)], groups: [Group]);

        Authorizer.ReadScope(actor, ResourceType.Group).Shared!.ByGroupId.Should().BeTrue();
        Authorizer.ReadScope(actor, new Permission(ResourceType.Group, PermissionAction.Update)).Should().Be(ReadScope.None);
    }

    [Theory]
    [InlineData(ResourceType.AuditLog)]
    [InlineData(ResourceType.ConnectionLog)]
    [InlineData(ResourceType.License)]
    [InlineData(ResourceType.ProvisionerJobs)]
    public void Who_can_match_nothing_gets_none(ResourceType type)
    {
        Authorizer.ReadScope(MemberOf(OrgA), type).Kind.Should().Be(ReadScopeKind.None);
    }

    [Fact]
    public void A_scope_of_the_credential_that_denies_gives_none()
    {
        var actor = Actor(site: ["owner"], scope: KeyScope.ApplicationConnect);

        Authorizer.ReadScope(actor, ResourceType.User).Kind.Should().Be(ReadScopeKind.None);
    }

    [Fact]
    public void The_allow_list_of_the_credential_stands_beside_any_shape()
    {
        var agent = KeyScope.WorkspaceAgent([Thing], blockUserData: false);

        Authorizer.ReadScope(Actor(site: ["owner"], scope: agent), ResourceType.Workspace).AllowList.Should().Equal(Thing);
        Authorizer.ReadScope(Actor(scope: agent), ResourceType.Workspace).AllowList.Should().Equal(Thing);
        Authorizer.ReadScope(Actor(site: ["owner"], scope: KeyScope.WorkspaceAgent([], blockUserData: false)), ResourceType.Workspace)
            .Kind.Should().Be(ReadScopeKind.None, "nothing is on the list");
    }

    [Fact]
    public void A_custom_role_that_reads_the_audit_log_reads_the_connection_log()
    {
        var role = new CustomRole("helper", "", OrgA, [Grant(ResourceType.AuditLog, PermissionAction.Read)]);
        var actor = Actor(organizations: [In(OrgA, "helper"), In(OrgB)], customRoles: [role]);

        Authorizer.ReadScope(actor, ResourceType.ConnectionLog).Organizations.Should().Equal(OrgA);
    }
}
