using Coder.Application.Templates;
using Coder.Domain.Users;
using Coder.Infrastructure.Database;
using Coder.Infrastructure.Users;

namespace Coder.Infrastructure.Templates;

internal sealed class TemplateAclDirectory(DbSession db) : ITemplateAclDirectory
{
    private const string Users = UserRow.Select + """
         where u.id = any (@ids) and not u.deleted and not u.is_system
        order by lower(u.username)
        """;

    public async Task<IReadOnlyList<User>> UsersAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        [.. (await db.QueryAsync<UserRow>(Users, new { ids = ids.ToArray() }, ct)).Select(row => row.ToUser())];

    private const string HoldUsers = """
        select u.id
        from users u
        where u.id = any (@ids) and not u.deleted and not u.is_system
        order by u.id
        for share
        """;

    public Task<IReadOnlyList<Guid>> HoldUsersAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        db.QueryAsync<Guid>(HoldUsers, new { ids = ids.ToArray() }, ct);

    private const string HoldGroups = """
        select g.id
        from groups g
        where g.organization_id = @organization and g.id = any (@ids)
        order by g.id
        for share
        """;

    public Task<IReadOnlyList<Guid>> HoldGroupsAsync(Guid organization, IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        db.QueryAsync<Guid>(HoldGroups, new { organization, ids = ids.ToArray() }, ct);

    private const string Candidates = """
        select u.id, u.username, u.email, u.name, u.avatar_url, u.created_at, u.updated_at, u.last_seen_at,
               u.status::text as status, u.login_type::text as login_type
        from organization_members m
        join users u on u.id = m.user_id
        """;

    private const string EveryWord = """
        not exists (
            select from unnest(@words::text[]) as word
            where position(word in lower(u.email)) = 0 and position(word in lower(u.username)) = 0 and position(word in lower(u.name)) = 0)
        """;

    public async Task<IReadOnlyList<ReducedUser>> CandidatesAsync(
        Guid organization, IReadOnlyList<string> words, int limit, CancellationToken ct)
    {
        var sql = new SqlFilter()
            .And("m.organization_id = @organization", organization, "organization")
            .And("not u.deleted and not u.is_system")
            .AndIf(words.Count == 0 ? null : words.ToArray(), EveryWord, "words")
            .With("limit", limit == 0 ? null : (long?)limit)
            .Between(Candidates, "order by lower(u.username) limit @limit");
        return [.. (await db.QueryAsync<CandidateRow>(sql, ct)).Select(row => row.ToUser())];
    }

    private sealed record CandidateRow
    {
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
