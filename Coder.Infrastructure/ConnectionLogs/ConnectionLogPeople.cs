using Coder.Application.ConnectionLogs;
using Coder.Application.Users;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.ConnectionLogs;

internal sealed class ConnectionLogPeople(DbSession db, IUserDirectory directory) : IConnectionLogPeople
{
    public Task<IReadOnlyList<Guid>> ByUsernameAsync(string username, CancellationToken ct) => directory.IdsByUsernameAsync(username, ct);

    private const string EverByEmail = """
        select id from users where lower(email) = lower(@email) and not deleted
        union all
        select id from users where lower(email) = lower(@email) and deleted
        """;

    public Task<IReadOnlyList<Guid>> ByEmailAsync(string email, bool withDeleted, CancellationToken ct) =>
        withDeleted ? db.QueryAsync<Guid>(EverByEmail, new { email }, ct) : directory.IdsByEmailAsync(email, ct);
}
