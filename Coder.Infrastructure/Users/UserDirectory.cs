using Coder.Application.Users;
using Coder.Domain.Users;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Users;

internal sealed class UserDirectory(DbSession db) : IUserDirectory
{
    // A name is free again once its user is deleted, so that at most one user has it who is not.
    private const string ByUsername = """
        select id
        from users
        where lower(username) = lower(@username)
          and deleted = not exists (select 1 from users u where lower(u.username) = lower(@username) and not u.deleted)
        """;

    public Task<IReadOnlyList<Guid>> IdsByUsernameAsync(string username, CancellationToken ct) =>
        db.QueryAsync<Guid>(ByUsername, new { username }, ct);

    private const string ByEmail = """
        select id
        from users
        where lower(email) = lower(@email)
          and deleted = not exists (select 1 from users u where lower(u.email) = lower(@email) and not u.deleted)
        """;

    public Task<IReadOnlyList<Guid>> IdsByEmailAsync(string email, CancellationToken ct) => db.QueryAsync<Guid>(ByEmail, new { email }, ct);

    private const string ByIds = UserRow.Select + "\nwhere u.id = any (@ids)";

    public async Task<IReadOnlyList<User>> FindAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        ids.Count == 0 ? [] : [.. (await db.QueryAsync<UserRow>(ByIds, new { ids = ids.ToArray() }, ct)).Select(row => row.ToUser())];
}
