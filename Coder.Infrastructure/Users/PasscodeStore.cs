using Coder.Application.Users;
using Coder.Domain.Users;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Users;

internal sealed class PasscodeStore(DbSession db) : IPasscodeStore
{
    private const string Find = """
        select id, username, email, convert_from(hashed_password, 'UTF8') as password_hash, login_type::text as login_type,
               status::text as status, hashed_one_time_passcode as hash, one_time_passcode_expires_at as ends
        from users
        where not deleted and not is_system and lower(email) = lower(@email)
        """;

    public async Task<PasscodeHolder?> FindAsync(string email, CancellationToken ct) =>
        (await db.QueryOneAsync<Row>(Find, new { email }, ct))?.ToHolder();

    private const string Lock = Find + " for update";

    public async Task<PasscodeHolder?> LockAsync(string email, CancellationToken ct) =>
        (await db.QueryOneAsync<Row>(Lock, new { email }, ct))?.ToHolder();

    private const string Set = """
        update users set hashed_one_time_passcode = @hash, one_time_passcode_expires_at = @end where id = @userId and not deleted
        """;

    public Task SetAsync(Guid userId, byte[] hash, DateTimeOffset end, CancellationToken ct) =>
        db.ExecuteAsync(Set, new { userId, hash, end }, ct);

    private const string Withdraw = """
        update users
        set hashed_one_time_passcode = @before, one_time_passcode_expires_at = @end
        where id = @id and hashed_one_time_passcode = @hash
        """;

    public Task WithdrawAsync(PasscodeHolder before, byte[] hash, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(before);
        return db.ExecuteAsync(Withdraw, new { before.Id, before = before.Hash, before.End, hash }, ct);
    }

    private sealed record Row
    {
        public Guid Id { get; init; }

        public string Username { get; init; } = "";

        public string Email { get; init; } = "";

        public string PasswordHash { get; init; } = "";

        public string LoginType { get; init; } = "";

        public string Status { get; init; } = "";

        public byte[]? Hash { get; init; }

        public DateTimeOffset? Ends { get; init; }

        public PasscodeHolder ToHolder() => new(
            Id,
            Username,
            Email,
            PasswordHash,
            UserWireNames.ToLoginType(LoginType),
            UserWireNames.ToUserStatus(Status),
            Hash,
            Ends);
    }
}
