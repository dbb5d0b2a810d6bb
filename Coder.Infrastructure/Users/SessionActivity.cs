using System.Collections.Concurrent;
using System.Data;
using Coder.Application.AuditLogs;
using Coder.Application.Users;
using Coder.Domain.AuditLogs;
using Coder.Domain.Common;
using Coder.Domain.Users;
using Coder.Infrastructure.Database;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Infrastructure.Users;

/// <summary>Holds uses of sessions in memory and writes them in one statement. What a crash loses is a time that was up to an hour old anyway.</summary>
internal sealed class SessionActivity(IServiceScopeFactory scopes) : ISessionActivity
{
    // A user who became suspended in the meantime stays so; a key that was deleted stays deleted.
    private const string Write = """
        with uses as (
            select *
            from unnest(@keyIds::text[], @addresses::text[], @times::timestamptz[], @expiries::timestamptz[])
                as u (key_id, address, used_at, expires_at)
        ),
        touched as (
            update api_keys k
            set last_used = greatest(k.last_used, u.used_at),
                ip_address = u.address::inet,
                expires_at = greatest(k.expires_at, u.expires_at),
                updated_at = greatest(k.updated_at, u.used_at)
            from uses u
            where k.id = u.key_id
            returning k.user_id, u.used_at
        )
        -- The join sees each user as it was before.
        update users
        set last_seen_at = greatest(users.last_seen_at, t.used_at),
            updated_at = case when users.status = 'dormant' then greatest(users.updated_at, t.used_at) else users.updated_at end,
            status = case when users.status = 'dormant' then 'active' else users.status end
        from (select user_id, max(used_at) as used_at from touched group by user_id) t
        join users before on before.id = t.user_id
        where users.id = t.user_id
        returning users.id, users.username, before.status = 'dormant' as is_awake
        """;

    private static readonly AuditedAction Awake = new(AuditResourceType.User, AuditAction.Write, 200);

    private readonly ConcurrentDictionary<string, SessionUse> _uses = new(StringComparer.Ordinal);

    public void Record(SessionUse use) => _uses[use.KeyId] = use;

    public async Task FlushAsync(CancellationToken ct)
    {
        if (_uses.IsEmpty)
        {
            return;
        }

        var uses = _uses.Values.OrderBy(u => u.KeyId, StringComparer.Ordinal).ToArray();
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DbSession>();
        var audit = scope.ServiceProvider.GetRequiredService<AuditTrail>();
        await db.RunAsync(IsolationLevel.ReadCommitted, inner => WriteAsync(db, audit, uses, inner), ct);

        // Only what was written is forgotten: a newer use of the same key stays for the next time.
        foreach (var use in uses)
        {
            _uses.TryRemove(new KeyValuePair<string, SessionUse>(use.KeyId, use));
        }
    }

    private static async Task<Result<Done>> WriteAsync(DbSession db, AuditTrail audit, SessionUse[] uses, CancellationToken ct)
    {
        var users = await db.QueryAsync<SeenUser>(
            Write,
            new
            {
                keyIds = uses.Select(u => u.KeyId).ToArray(),
                addresses = uses.Select(u => u.IpAddress).ToArray(),
                times = uses.Select(u => u.At.UtcDateTime).ToArray(),
                expiries = uses.Select(u => u.ExpiresAt?.UtcDateTime).ToArray(),
            },
            ct);
        foreach (var user in users.Where(u => u.IsAwake))
        {
            await audit.About(user.Id, user.Username)
                .Changed(UserAudit.Status(UserStatus.Dormant), UserAudit.Status(UserStatus.Active))
                .With("automatic_actor", "coder")
                .With("automatic_subsystem", "dormancy")
                .WriteAsync(Awake, user.Id, ct);
        }

        return Done.Value;
    }

    private sealed record SeenUser
    {
        public Guid Id { get; init; }

        public string Username { get; init; } = "";

        public bool IsAwake { get; init; }
    }
}
