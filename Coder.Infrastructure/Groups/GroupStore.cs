using Coder.Application.Groups;
using Coder.Domain.Authorization;
using Coder.Domain.Groups;
using Coder.Domain.Users;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Groups;

internal sealed class GroupStore(DbSession db) : IGroupStore
{
    // The Everyone group has the id of its organization, and nobody is put into it: its members are those of the organization.
    private const string Memberships = """
        (select gm.group_id, gm.user_id from group_members gm
         union all
         select om.organization_id, om.user_id from organization_members om)
        """;

    private const string Columns =
        "g.id, g.name, g.display_name, g.organization_id, g.avatar_url, g.quota_allowance, g.source::text as source";

    private const string Select = $"""
        select {Columns}, o.name as organization_name, o.display_name as organization_display_name,
               (select count(*)
                from {Memberships} m
                join users u on u.id = m.user_id
                where m.group_id = g.id and not u.deleted and not u.is_system) as total_member_count
        from groups g
        join organizations o on o.id = g.organization_id and not o.deleted
        """;

    private const string HasMember = $"exists (select 1 from {Memberships} m where m.group_id = g.id and m.user_id = @member)";

    private static readonly ScopeColumns GroupColumns = new(id: "g.id", organization: "g.organization_id");

    private static readonly ScopeColumns WantedMember = new(id: "@member", organization: "g.organization_id", owner: "@member");

    public async Task<IReadOnlyList<GroupView>> ListAsync(GroupFilter filter, GroupSight sight, CancellationToken ct)
    {
        if (sight.Groups.Kind == ReadScopeKind.None || (filter.HasMember is not null && sight.Members.Kind == ReadScopeKind.None))
        {
            return [];
        }

        var where = new SqlFilter()
            .AndScope(sight.Groups, GroupColumns)
            .AndIf(filter.Organization, "g.organization_id = @organization", "organization")
            .AndIf(filter.Ids?.ToArray(), "g.id = any (@ids)", "ids")
            .AndIf(filter.Name, "lower(g.name) = lower(@name)", "name");
        if (filter.HasMember is { } member)
        {
            where.And(HasMember, member, "member").AndScope(sight.Members, WantedMember, "member_scope");
        }

        var rows = await db.QueryAsync<GroupRow>(where.Between(Select, "order by lower(g.name), g.id"), ct);
        var members = rows.Count == 0 ? null : await MembersAsync([.. rows.Select(r => r.Id)], sight.Members, ct);
        return [.. rows.Select(r => r.ToView([.. members![r.Id]]))];
    }

    private const string SelectMembers = $"""
        select m.group_id, u.id, u.username, u.email, u.name, u.avatar_url, u.created_at, u.updated_at, u.last_seen_at,
               u.status::text as status, u.login_type::text as login_type
        from {Memberships} m
        join groups g on g.id = m.group_id
        join users u on u.id = m.user_id
        """;

    private static readonly ScopeColumns MemberColumns = new(id: "m.user_id", organization: "g.organization_id", owner: "m.user_id");

    private async Task<ILookup<Guid, ReducedUser>> MembersAsync(Guid[] groups, ReadScope scope, CancellationToken ct)
    {
        var where = new SqlFilter()
            .And("m.group_id = any (@groups)", groups, "groups")
            .And("not u.deleted and not u.is_system")
            .AndScope(scope, MemberColumns);
        var rows = scope.Kind == ReadScopeKind.None
            ? []
            : await db.QueryAsync<MemberRow>(where.Between(SelectMembers, "order by lower(u.username)"), ct);
        return rows.ToLookup(r => r.GroupId, r => r.ToUser());
    }

    private const string Lock = $"""
        select {Columns}
        from groups g
        join organizations o on o.id = g.organization_id and not o.deleted
        where g.id = @id
        for update of g
        """;

    public async Task<Group?> LockAsync(Guid id, CancellationToken ct) => (await db.QueryOneAsync<GroupRow>(Lock, new { id }, ct))?.ToGroup();

    private const string Add = """
        insert into groups (id, name, organization_id, avatar_url, quota_allowance, display_name, source)
        values (@id, @name, @organizationId, @avatarUrl, @quotaAllowance, @displayName, @source::group_source)
        on conflict do nothing
        """;

    public async Task<bool> AddAsync(Group group, CancellationToken ct) => await db.ExecuteAsync(
        Add,
        new
        {
            group.Id,
            group.Name,
            group.OrganizationId,
            group.AvatarUrl,
            group.QuotaAllowance,
            group.DisplayName,
            source = group.Source.WireName(),
        },
        ct) > 0;

    private const string Update = """
        update groups
        set name = @name, display_name = @displayName, avatar_url = @avatarUrl, quota_allowance = @quotaAllowance
        where id = @id
        """;

    public Task<bool> UpdateAsync(Group group, CancellationToken ct) => db.ExecuteUniqueAsync(
        Update,
        new { group.Id, group.Name, group.DisplayName, group.AvatarUrl, group.QuotaAllowance },
        "groups_name_key",
        ct);

    private const string Delete = "delete from groups where id = @id";

    public Task DeleteAsync(Guid id, CancellationToken ct) => db.ExecuteAsync(Delete, new { id }, ct);

    private const string MemberIds = "select user_id from group_members where group_id = @id order by user_id";

    public Task<IReadOnlyList<Guid>> MemberIdsAsync(Guid id, CancellationToken ct) => db.QueryAsync<Guid>(MemberIds, new { id }, ct);

    private const string HoldOrganizationMembers = """
        select m.user_id
        from organization_members m
        join users u on u.id = m.user_id
        where m.organization_id = @organization and m.user_id = any (@users) and not u.deleted
        order by m.user_id
        for key share of m
        """;

    public Task<IReadOnlyList<Guid>> HoldOrganizationMembersAsync(Guid organization, IReadOnlyList<Guid> users, CancellationToken ct) =>
        db.QueryAsync<Guid>(HoldOrganizationMembers, new { organization, users = users.ToArray() }, ct);

    private const string AddMembers = """
        insert into group_members (group_id, user_id)
        select @id, u from unnest(@users::uuid[]) u group by u order by u
        on conflict do nothing
        """;

    public Task<int> AddMembersAsync(Guid id, IReadOnlyList<Guid> users, CancellationToken ct) =>
        db.ExecuteAsync(AddMembers, new { id, users = users.ToArray() }, ct);

    private const string RemoveMembers = "delete from group_members where group_id = @id and user_id = any (@users)";

    public Task RemoveMembersAsync(Guid id, IReadOnlyList<Guid> users, CancellationToken ct) =>
        db.ExecuteAsync(RemoveMembers, new { id, users = users.ToArray() }, ct);

    private sealed record GroupRow
    {
        public Guid Id { get; init; }

        public string Name { get; init; } = "";

        public string DisplayName { get; init; } = "";

        public Guid OrganizationId { get; init; }

        public string AvatarUrl { get; init; } = "";

        public int QuotaAllowance { get; init; }

        public string Source { get; init; } = "";

        public string OrganizationName { get; init; } = "";

        public string OrganizationDisplayName { get; init; } = "";

        public long TotalMemberCount { get; init; }

        public Group ToGroup() => new()
        {
            Id = Id,
            Name = Name,
            DisplayName = DisplayName,
            OrganizationId = OrganizationId,
            AvatarUrl = AvatarUrl,
            QuotaAllowance = QuotaAllowance,
            Source = GroupSources.Of(Source),
        };

        public GroupView ToView(IReadOnlyList<ReducedUser> members) =>
            new(ToGroup(), OrganizationName, OrganizationDisplayName, members, (int)TotalMemberCount);
    }

    private sealed record MemberRow
    {
        public Guid GroupId { get; init; }

        public Guid Id { get; init; }

        public string Username { get; init; } = "";

        public string Email { get; init; } = "";

        public string Name { get; init; } = "";

        public string AvatarUrl { get; init; } = "";

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset UpdatedAt { get; init; }

        public DateTimeOffset LastSeenAt { get; init; }

        public string Status { get; init; } = "";

        public string LoginType { get; init; } = "";

        public ReducedUser ToUser() => new()
        {
            Id = Id,
            Username = Username,
            Email = Email,
            Name = Name,
            AvatarUrl = AvatarUrl,
            CreatedAt = CreatedAt,
            UpdatedAt = UpdatedAt,
            LastSeenAt = LastSeenAt,
            Status = UserWireNames.ToUserStatus(Status),
            LoginType = UserWireNames.ToLoginType(LoginType),
        };
    }
}
