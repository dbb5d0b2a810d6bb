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

    // Two parts: each has an index of its own.
    private const string EverByEmail = """
        select id from users where lower(email) = lower(@email) and not deleted
        union all
        select id from users where lower(email) = lower(@email) and deleted
        """;

    public Task<IReadOnlyList<Guid>> IdsEverByEmailAsync(string email, CancellationToken ct) =>
        db.QueryAsync<Guid>(EverByEmail, new { email }, ct);

    private const string ByIds = UserRow.Select + "\nwhere u.id = any (@ids)";

    public async Task<IReadOnlyList<User>> FindAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        ids.Count == 0 ? [] : [.. (await db.QueryAsync<UserRow>(ByIds, new { ids = ids.ToArray() }, ct)).Select(row => row.ToUser())];
}
