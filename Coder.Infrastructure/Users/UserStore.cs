using Coder.Application.Users;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Users;

internal sealed class UserStore(DbSession db) : IUserStore
{
    private const string Any = "select exists (select 1 from users where not deleted and not is_system)";

    public Task<bool> AnyAsync(CancellationToken ct) => db.ScalarAsync<bool>(Any, null, ct);

    // Any constant will do, as long as no other lock of this database takes it.
    private const string LockFirstUser = "select pg_advisory_xact_lock(7165065861825654132)";

    public Task LockFirstUserAsync(CancellationToken ct) => db.ExecuteAsync(LockFirstUser, null, ct);

    private const string Select = UserRow.Select + "\nwhere not u.deleted";

    private const string Find = Select + " and u.id = @id";

    public async Task<User?> FindAsync(Guid id, CancellationToken ct) => (await db.QueryOneAsync<UserRow>(Find, new { id }, ct))?.ToUser();

    private const string FindByName = Select + " and lower(u.username) = lower(@username)";

    public async Task<User?> FindByNameAsync(string username, CancellationToken ct) =>
        (await db.QueryOneAsync<UserRow>(FindByName, new { username }, ct))?.ToUser();

    private const string Lock = Find + " for update of u";

    public async Task<User?> LockAsync(Guid id, CancellationToken ct) => (await db.QueryOneAsync<UserRow>(Lock, new { id }, ct))?.ToUser();

    private const string IsTaken = """
        select exists (select 1 from users where not deleted and lower(email) = lower(@email))
            or exists (select 1 from users where not deleted and lower(username) = lower(@username))
        """;

    public Task<bool> IsTakenAsync(string email, string username, CancellationToken ct) =>
        db.ScalarAsync<bool>(IsTaken, new { email, username }, ct);

    private const string SelectLogin = """
        select id, username, convert_from(hashed_password, 'UTF8') as password_hash, login_type::text as login_type, status::text as status
        from users
        where not deleted and not is_system
        """;

    private const string FindForLogin = SelectLogin + " and lower(email) = lower(@email)";

    public async Task<LoginCandidate?> FindForLoginAsync(string email, CancellationToken ct) =>
        (await db.QueryOneAsync<LoginRow>(FindForLogin, new { email }, ct))?.ToCandidate();

    private const string LockForLogin = SelectLogin + " and id = @id for update";

    public async Task<LockedLogin?> LockForLoginAsync(Guid id, CancellationToken ct) =>
        await db.QueryOneAsync<LoginRow>(LockForLogin, new { id }, ct) is { } row ? new LockedLogin(row.ToCandidate(), row.Username) : null;

    private const string Add = """
        with added as (
            insert into users (
                id, email, username, name, hashed_password, created_at, updated_at, status, rbac_roles, login_type, is_service_account)
            values (
                @id, @email, @username, @name, convert_to(@hash, 'UTF8'), @now, @now, @status::user_status, @roles, @loginType::login_type,
                @isServiceAccount)
            on conflict do nothing
            returning id
        )
        insert into organization_members (organization_id, user_id, created_at, updated_at)
        select o, id, @now, @now from added, unnest(@organizations::uuid[]) as o
        """;

    public async Task<bool> AddAsync(NewUser user, CancellationToken ct) => await db.ExecuteAsync(
        Add,
        new
        {
            user.Id,
            user.Email,
            user.Username,
            user.Name,
            hash = user.PasswordHash,
            now = user.CreatedAt,
            status = user.Status.WireName(),
            roles = user.Roles.ToArray(),
            loginType = user.LoginType.WireName(),
            user.IsServiceAccount,
            organizations = user.FurtherOrganizations.Prepend(user.OrganizationId).ToArray(),
        },
        ct) > 0;

    private const string SetPasswordHash = "update users set hashed_password = convert_to(@hash, 'UTF8') where id = @id";

    public Task SetPasswordHashAsync(Guid id, string hash, CancellationToken ct) => db.ExecuteAsync(SetPasswordHash, new { id, hash }, ct);

    private const string ActivateDormant = """
        update users set status = 'active', updated_at = @now
        where id = @id and status = 'dormant' and not deleted
        """;

    public Task ActivateDormantAsync(Guid id, DateTimeOffset now, CancellationToken ct) =>
        db.ExecuteAsync(ActivateDormant, new { id, now }, ct);

    // Bytes are compared, as the index of this list does it, and not letters of some language.
    private const string InOrder = "order by lower(u.username) using ~<~ limit @limit offset @offset";

    // Of a user whom the caller may read, or the order of the list would tell how hidden ones are called. Deleted ones keep their place.
    private const string FindCursor = "select lower(u.username) from users u";

    private const string AfterCursor = "lower(u.username) operator(pg_catalog.~>~) @after";

    public async Task<IReadOnlyList<User>> ListAsync(UserFilter filter, ReadScope scope, Page page, CancellationToken ct)
    {
        string? after = null;
        if (page.AfterId is { } id)
        {
            var cursor = Within(new SqlFilter().And("not u.is_system").AndScope(scope, Columns), filter.Reach)
                .And("u.id = @id", id, "id")
                .Between(FindCursor);
            if ((after = await db.ScalarAsync<string>(cursor, ct)) is null)
            {
                return [];
            }
        }

        var sql = Where(filter, scope)
            .AndIf(after, AfterCursor, "after")
            .With("limit", page.Limit == 0 ? null : (long?)page.Limit)
            .With("offset", (long)page.Offset)
            .Between(UserRow.Select, InOrder);
        return [.. (await db.QueryAsync<UserRow>(sql, ct)).Select(row => row.ToUser())];
    }

    private const string CountAll = "select count(*) from users u";

    public Task<long> CountAsync(UserFilter filter, ReadScope scope, CancellationToken ct) =>
        db.ScalarAsync<long>(CountOf(filter, scope), ct);

    internal static SqlText CountOf(UserFilter filter, ReadScope scope) => Where(filter, scope).Between(CountAll);

    private static readonly ScopeColumns Columns = new(id: "u.id", owner: "u.id");

    private static SqlFilter Where(UserFilter filter, ReadScope scope) => Search(
        Within(new SqlFilter().And("not u.deleted and not u.is_system").AndScope(scope, Columns), filter.Reach), filter.Search)
        .AndIf(OrNull(filter.Statuses.Select(s => s.WireName())), "u.status = any(@statuses::user_status[])", "statuses")
        .AndIf(OrNull(filter.Roles), "u.rbac_roles && @roles::text[]", "roles")
        .AndIf(OrNull(filter.LoginTypes.Select(t => t.WireName())), "u.login_type = any(@loginTypes::login_type[])", "loginTypes")
        .AndIf(filter.LastSeenBefore, "u.last_seen_at <= @lastSeenBefore", "lastSeenBefore")
        .AndIf(filter.LastSeenAfter, "u.last_seen_at >= @lastSeenAfter", "lastSeenAfter")
        .AndIf(filter.CreatedBefore, "u.created_at <= @createdBefore", "createdBefore")
        .AndIf(filter.CreatedAfter, "u.created_at >= @createdAfter", "createdAfter")
        .AndIf(filter.GithubUserId, "u.github_com_user_id = @githubUserId", "githubUserId");

    private const string IsWithin = """
        u.id = @reachMe or lower(u.email) = @reachExact::text or lower(u.username) = @reachExact::text
        or exists (select from organization_members om where om.user_id = u.id and om.organization_id = any(@reachOrganizations::uuid[]))
        """;

    private static SqlFilter Within(SqlFilter where, UserReach? reach) => reach is null ? where : where
        .And(IsWithin)
        .With("reachMe", reach.Me)
        .With("reachExact", reach.Exact)
        .With("reachOrganizations", reach.Organizations.ToArray());

    // In the form of the index users_search_idx, which serves the first word; it is only there where PostgreSQL has trigrams.
    private const string Searched = "(lower(u.email) || chr(10) || lower(u.username) || chr(10) || lower(u.name))";

    private const string FirstWord = Searched + " like @firstWord";

    private const string OtherWords = Searched + " like all(@otherWords::text[])";

    private static SqlFilter Search(SqlFilter where, IReadOnlyList<string> words) => where
        .AndIf(words.Count > 0 ? LikePattern.Containing(words[0]) : null, FirstWord, "firstWord")
        .AndIf(words.Count > 1 ? words.Skip(1).Select(LikePattern.Containing).ToArray() : null, OtherWords, "otherWords");

    private static string[]? OrNull(IEnumerable<string> texts) => texts.ToArray() is { Length: > 0 } some ? some : null;

    private sealed record LoginRow
    {
        public Guid Id { get; init; }

        public string Username { get; init; } = "";

        public string PasswordHash { get; init; } = "";

        public string LoginType { get; init; } = "";

        public string Status { get; init; } = "";

        public LoginCandidate ToCandidate() =>
            new(Id, PasswordHash, UserWireNames.ToLoginType(LoginType), UserWireNames.ToUserStatus(Status));
    }
}
