using Coder.Application.Organizations;
using Coder.Domain.Authorization;
using Coder.Domain.Organizations;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Organizations;

internal sealed class OrganizationMemberStore(DbSession db) : IOrganizationMemberStore
{
    private const string Select = """
        select m.organization_id, m.user_id, m.created_at, m.updated_at, m.roles,
               u.username, u.name, u.avatar_url, u.email, u.rbac_roles as global_roles
        from organization_members m
        join users u on u.id = m.user_id
        """;

    private const string Page = "order by lower(u.username) limit nullif(@limit, 0) offset @offset";

    private static readonly ScopeColumns Scope = new(id: "m.user_id", organization: "m.organization_id", owner: "m.user_id");

    public async Task<IReadOnlyList<OrganizationMemberProfile>> ListAsync(
        Guid organization, ReadScope scope, int limit, int offset, CancellationToken ct)
    {
        var filter = Filter(organization, scope).With("limit", limit).With("offset", offset);
        var rows = await db.QueryAsync<ProfileRow>(filter.Between(Select, Page), ct);
        return [.. rows.Select(r => r.ToProfile())];
    }

    private const string Count = """
        select count(*)
        from organization_members m
        join users u on u.id = m.user_id
        """;

    public Task<long> CountAsync(Guid organization, ReadScope scope, CancellationToken ct) =>
        db.ScalarAsync<long>(Filter(organization, scope).Between(Count), ct);

    private static SqlFilter Filter(Guid organization, ReadScope scope) => new SqlFilter()
        .And("m.organization_id = @organization", organization, "organization")
        .And("not u.deleted and not u.is_system")
        .AndScope(scope, Scope);

    private const string Find = Select + " where m.organization_id = @organization and m.user_id = @user and not u.deleted";

    public async Task<OrganizationMemberProfile?> FindAsync(Guid organization, Guid user, CancellationToken ct) =>
        (await db.QueryOneAsync<ProfileRow>(Find, new { organization, user }, ct))?.ToProfile();

    private const string FindByName =
        Select + " where m.organization_id = @organization and lower(u.username) = lower(@username) and not u.deleted";

    public async Task<OrganizationMemberProfile?> FindByNameAsync(Guid organization, string username, CancellationToken ct) =>
        (await db.QueryOneAsync<ProfileRow>(FindByName, new { organization, username }, ct))?.ToProfile();

    private const string Lock = """
        select organization_id, user_id, created_at, updated_at, roles
        from organization_members
        where organization_id = @organization and user_id = @user
        for update
        """;

    public async Task<OrganizationMember?> LockAsync(Guid organization, Guid user, CancellationToken ct) =>
        (await db.QueryOneAsync<ProfileRow>(Lock, new { organization, user }, ct))?.ToMember();

    private const string Add = """
        insert into organization_members (organization_id, user_id, created_at, updated_at, roles)
        values (@organizationId, @userId, @createdAt, @updatedAt, @roles)
        on conflict do nothing
        """;

    public async Task<bool> AddAsync(OrganizationMember member, CancellationToken ct) => await db.ExecuteAsync(
        Add,
        new { member.OrganizationId, member.UserId, member.CreatedAt, member.UpdatedAt, roles = member.Roles.ToArray() },
        ct) > 0;

    private const string Remove = "delete from organization_members where organization_id = @organization and user_id = @user";

    public async Task<bool> RemoveAsync(Guid organization, Guid user, CancellationToken ct) =>
        await db.ExecuteAsync(Remove, new { organization, user }, ct) > 0;

    private const string SetRoles = """
        update organization_members set roles = @roles, updated_at = @updatedAt
        where organization_id = @organizationId and user_id = @userId
        """;

    public Task SetRolesAsync(OrganizationMember member, CancellationToken ct) => db.ExecuteAsync(
        SetRoles, new { member.OrganizationId, member.UserId, member.UpdatedAt, roles = member.Roles.ToArray() }, ct);

    private sealed record ProfileRow
    {
        public Guid OrganizationId { get; init; }

        public Guid UserId { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset UpdatedAt { get; init; }

        public string[] Roles { get; init; } = [];

        public string Username { get; init; } = "";

        public string Name { get; init; } = "";

        public string AvatarUrl { get; init; } = "";

        public string Email { get; init; } = "";

        public string[] GlobalRoles { get; init; } = [];

        public OrganizationMember ToMember() => new()
        {
            OrganizationId = OrganizationId,
            UserId = UserId,
            CreatedAt = CreatedAt,
            UpdatedAt = UpdatedAt,
            Roles = Roles,
        };

        public OrganizationMemberProfile ToProfile() => new()
        {
            Membership = ToMember(),
            Username = Username,
            Name = Name,
            AvatarUrl = AvatarUrl,
            Email = Email,
            GlobalRoles = GlobalRoles,
        };
    }
}
