using Coder.Application.Users;
using Coder.Domain.Users;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Users;

internal sealed class UserDirectory(DbSession db) : IUserDirectory
{
    // A name is free again once its user is deleted, so that at most one user has it who is not.
    private const string ByUsername = """
        with present as (select id from users where lower(username) = lower(@username) and not deleted)
        select id from present
        union all
        select id from users where lower(username) = lower(@username) and deleted and not exists (select 1 from present)
        """;

    public Task<IReadOnlyList<Guid>> IdsByUsernameAsync(string username, CancellationToken ct) =>
        db.QueryAsync<Guid>(ByUsername, new { username }, ct);

    private const string ByEmail = """
        with present as (select id from users where lower(email) = lower(@email) and not deleted)
        select id from present
        union all
        select id from users where lower(email) = lower(@email) and deleted and not exists (select 1 from present)
        """;

    public Task<IReadOnlyList<Guid>> IdsByEmailAsync(string email, CancellationToken ct) => db.QueryAsync<Guid>(ByEmail, new { email }, ct);

    private const string ByIds = """
        select u.id, u.email, u.username, u.name, u.avatar_url, u.created_at, u.updated_at, u.last_seen_at,
               u.status::text as status, u.login_type::text as login_type, u.rbac_roles as roles,
               array(select m.organization_id from organization_members m where m.user_id = u.id order by m.created_at, m.organization_id)
                   as organization_ids
        from users u
        where u.id = any (@ids)
        """;

    public async Task<IReadOnlyList<User>> FindAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        ids.Count == 0 ? [] : [.. (await db.QueryAsync<UserRow>(ByIds, new { ids = ids.ToArray() }, ct)).Select(row => row.ToUser())];
}
