using Coder.Domain.Authorization;
using Coder.Domain.Tests.Authorization;
using Coder.Infrastructure.Database;
using CsCheck;

namespace Coder.Infrastructure.Tests.Database;

/// <summary>The predicate that PostgreSQL evaluates says the same as the decision in memory, for the tables of every shape.</summary>
public sealed class ScopeSqlTests(ScopeTables tables) : IClassFixture<ScopeTables>
{
    private const string Select = "select n from scope_rows";

    private static readonly ScopeColumns Everywhere = new(
        id: "id", organization: "organization_id", owner: "owner_id", userAcl: "user_actions", groupAcl: "group_actions");

    private static readonly ScopeColumns Workspaces = new(
        id: "id",
        organization: "organization_id",
        owner: "owner_id",
        userAcl: "user_permissions",
        groupAcl: "group_permissions",
        form: AclForm.Permissions);

    [Fact]
    public Task The_predicate_decides_on_templates_like_the_authorizer() => AgreesAsync(
        ResourceType.Template,
        Everywhere,
        r => ObjectRef.Template(
            r.Id, r.Organization ?? Guid.Empty, AccessControlList.FromJson(r.UserActions), AccessControlList.FromJson(r.GroupActions)));

    [Fact]
    public Task The_predicate_decides_on_workspaces_with_the_longer_form_of_lists_like_the_authorizer() =>
        AgreesAsync(ResourceType.Workspace, Workspaces, WorkspaceOf);

    [Fact]
    public Task The_predicate_decides_on_users_like_the_authorizer() =>
        AgreesAsync(ResourceType.User, new ScopeColumns(id: "id", owner: "id"), r => ObjectRef.User(r.Id));

    [Fact]
    public Task The_predicate_decides_on_audit_logs_without_organization_like_the_authorizer() => AgreesAsync(
        ResourceType.AuditLog,
        new ScopeColumns(id: "id", organization: "organization_id"),
        r => new ObjectRef(ResourceType.AuditLog) { Id = r.Id, Organization = r.Organization });

    [Fact]
    public Task The_predicate_takes_the_nil_organization_of_audit_logs_for_none() => AgreesAsync(
        ResourceType.AuditLog,
        new ScopeColumns(id: "id", organization: "coalesce(organization_id, '00000000-0000-0000-0000-000000000000')"),
        r => new ObjectRef(ResourceType.AuditLog) { Id = r.Id, Organization = r.Organization });

    [Fact]
    public Task The_predicate_decides_on_connection_logs_like_the_authorizer() => AgreesAsync(
        ResourceType.ConnectionLog,
        new ScopeColumns(id: "id", organization: "organization_id"),
        r => new ObjectRef(ResourceType.ConnectionLog) { Id = r.Id, Organization = r.Organization });

    [Fact]
    public Task The_predicate_decides_on_groups_like_the_authorizer() => AgreesAsync(
        ResourceType.Group,
        new ScopeColumns(id: "id", organization: "organization_id"),
        r => ObjectRef.Group(r.Id, r.Organization ?? Guid.Empty));

    [Fact]
    public Task The_predicate_decides_on_provisioner_jobs_like_the_authorizer() => AgreesAsync(
        ResourceType.ProvisionerJobs,
        new ScopeColumns(id: "id", organization: "organization_id"),
        r => new ObjectRef(ResourceType.ProvisionerJobs) { Id = r.Id, Organization = r.Organization });

    [Fact]
    public Task The_predicate_decides_on_provisioner_daemons_like_the_authorizer() => AgreesAsync(
        ResourceType.ProvisionerDaemon,
        new ScopeColumns(id: "id", organization: "organization_id", owner: "owner_id"),
        r => new ObjectRef(ResourceType.ProvisionerDaemon) { Id = r.Id, Owner = r.Owner, Organization = r.Organization });

    [Fact]
    public Task The_predicate_decides_on_workspace_proxies_like_the_authorizer() => AgreesAsync(
        ResourceType.WorkspaceProxy,
        new ScopeColumns(id: "id"),
        r => new ObjectRef(ResourceType.WorkspaceProxy) { Id = r.Id });

    [Fact]
    public Task Two_predicates_decide_on_workspaces_that_are_dormant_and_not_in_one_list() =>
        Gen.Select(Generated.Actor, Generated.Action).SampleAsync(
            async (actor, action) =>
            {
                var filter = new SqlFilter().AndScopes(
                    "dormant_at is null",
                    Authorizer.ReadScope(actor, new Permission(ResourceType.Workspace, action)),
                    Authorizer.ReadScope(actor, new Permission(ResourceType.WorkspaceDormant, action)),
                    Workspaces);

                return await FindsAsync(filter, r => Authorizer.Can(actor, action, r.Dormant ? DormantOf(r) : WorkspaceOf(r)));
            },
            iter: 200);

    [Fact]
    public void A_statement_that_lacks_a_column_of_the_scope_is_a_bug_and_not_a_wider_list()
    {
        var scope = Authorizer.ReadScope(ActorWith("organization-auditor"), ResourceType.AuditLog);

        var filter = () => new SqlFilter().AndScope(scope, new ScopeColumns(id: "id"));

        filter.Should().Throw<InvalidOperationException>().WithMessage("*organization*");
    }

    [Fact]
    public void One_shape_of_scope_is_one_text_whatever_the_ids()
    {
        var few = new SqlFilter().AndScope(Authorizer.ReadScope(ActorWith(), ResourceType.Workspace), Workspaces).Between(Select);
        var many = new SqlFilter()
            .AndScope(Authorizer.ReadScope(ActorWith(Generated.Organizations), ResourceType.Workspace), Workspaces)
            .Between(Select);

        many.Text.Should().Be(few.Text);
    }

    [Fact]
    public void Who_may_see_everything_brings_no_predicate()
    {
        var filter = new SqlFilter()
            .AndScope(ReadScope.All, Everywhere)
            .AndScopes("dormant_at is null", ReadScope.All, ReadScope.All, Everywhere);

        filter.Between(Select).Text.Should().NotContain("where");
    }

    private static Actor ActorWith(params string[] roles) => ActorWith([Generated.Organizations[0]], roles);

    private static Actor ActorWith(Guid[] organizations, params string[] roles) => Actor.Create(
        Generated.Users[0],
        "one",
        [],
        [.. organizations.Select(id => new OrganizationRoles(id, roles))],
        [],
        KeyScope.All,
        [],
        AuthorizationOptions.Default);

    private static ObjectRef DormantOf(ScopeRow row) =>
        ObjectRef.Workspace(row.Id, row.Owner ?? Guid.Empty, row.Organization ?? Guid.Empty, dormant: true);

    private static ObjectRef WorkspaceOf(ScopeRow row) => ObjectRef.Workspace(
        row.Id,
        row.Owner ?? Guid.Empty,
        row.Organization ?? Guid.Empty,
        dormant: false,
        AccessControlList.FromJson(row.UserPermissions),
        AccessControlList.FromJson(row.GroupPermissions));

    private Task AgreesAsync(ResourceType type, ScopeColumns columns, Func<ScopeRow, ObjectRef> shape) =>
        Gen.Select(Generated.Actor, Generated.Action).SampleAsync(
            async (actor, action) =>
            {
                var scope = Authorizer.ReadScope(actor, new Permission(type, action));

                return await FindsAsync(new SqlFilter().AndScope(scope, columns), r => Authorizer.Can(actor, action, shape(r)));
            },
            iter: 200);

    private async Task<bool> FindsAsync(SqlFilter filter, Func<ScopeRow, bool> expected)
    {
        var found = await tables.Session().QueryAsync<int>(filter.Between(Select, "order by n"), CancellationToken.None);
        return found.SequenceEqual(Enumerable.Range(0, ScopeTables.Rows.Length).Where(n => expected(ScopeTables.Rows[n])));
    }
}
