using System.Data.Common;
using Coder.Application.Users;
using Coder.Domain.Authorization;
using Coder.Domain.Organizations;
using Coder.Domain.Users;
using Coder.Infrastructure.Database;
using Coder.Infrastructure.Organizations;

namespace Coder.Infrastructure.Users;

internal sealed class AccountStore(DbSession db) : IAccountStore
{
    private const string ThemePreference = "theme_preference";
    private const string TerminalFont = "terminal_font";
    private const string NameIndex = "users_username_key";
    private const string EmailIndex = "users_email_key";

    private const string UpdateProfile = """
        update users
        set username = @username, name = @name, email = @email, updated_at = @updatedAt,
            hashed_one_time_passcode = case when email = @email then hashed_one_time_passcode end,
            one_time_passcode_expires_at = case when email = @email then one_time_passcode_expires_at end
        where id = @id and not deleted
        """;

    public async Task<ProfileConflict> UpdateProfileAsync(User user, CancellationToken ct)
    {
        try
        {
            await db.ExecuteAsync(UpdateProfile, new { user.Id, user.Username, user.Name, user.Email, user.UpdatedAt }, ct);
            return ProfileConflict.None;
        }
        catch (DbException e) when (UniqueViolation.IndexOf(e) is NameIndex or EmailIndex)
        {
            // No other way is free of a race: an update has no "on conflict". The caller rolls back.
            return UniqueViolation.IndexOf(e) == NameIndex ? ProfileConflict.Username : ProfileConflict.Email;
        }
    }

    private const string SetRoles = "update users set rbac_roles = @roles, updated_at = @updatedAt where id = @id and not deleted";

    public Task SetRolesAsync(User user, CancellationToken ct) =>
        db.ExecuteAsync(SetRoles, new { user.Id, roles = user.Roles.ToArray(), user.UpdatedAt }, ct);

    private const string SetStatus = """
        with changed as (
            update users set status = @status::user_status, updated_at = @updatedAt where id = @id and not deleted returning id, status
        )
        delete from api_keys k
        using changed c
        where k.user_id = c.id and c.status = 'suspended' and k.login_type in ('password', 'github', 'oidc')
        """;

    public Task SetStatusAsync(User user, CancellationToken ct) =>
        db.ExecuteAsync(SetStatus, new { user.Id, status = user.Status.WireName(), user.UpdatedAt }, ct);

    private const string SetPassword = """
        update users
        set hashed_password = convert_to(@hash, 'UTF8'), updated_at = @now,
            hashed_one_time_passcode = null, one_time_passcode_expires_at = null
        where id = @id and not deleted
        """;

    private const string EndKeys = "delete from api_keys where user_id = @id";

    // Two statements: a key that signing in adds between the two looks of one would be missed.
    public async Task<bool> ChangePasswordAsync(Guid id, string hash, DateTimeOffset now, CancellationToken ct)
    {
        if (await db.ExecuteAsync(SetPassword, new { id, hash, now }, ct) == 0)
        {
            return false;
        }

        await db.ExecuteAsync(EndKeys, new { id }, ct);
        return true;
    }

    private const string Delete = "update users set deleted = true, updated_at = @now where id = @id and not deleted";

    public Task DeleteAsync(Guid id, DateTimeOffset now, CancellationToken ct) => db.ExecuteAsync(Delete, new { id, now }, ct);

    private const string Memberships = """
        select m.organization_id, m.roles
        from organization_members m
        join organizations o on o.id = m.organization_id and not o.deleted
        where m.user_id = @id
        order by m.created_at, m.organization_id
        """;

    public async Task<IReadOnlyList<OrganizationRoles>> OrganizationRolesAsync(Guid id, CancellationToken ct)
    {
        var rows = await db.QueryAsync<RolesRow>(Memberships, new { id }, ct);
        return [.. rows.Select(r => new OrganizationRoles(r.OrganizationId, r.Roles))];
    }

    private const string Organizations =
        "select " + OrganizationRow.Columns + " from organization_members m join organizations o on o.id = m.organization_id";

    public async Task<IReadOnlyList<Organization>> OrganizationsAsync(Guid id, ReadScope scope, CancellationToken ct)
    {
        var sql = new SqlFilter()
            .And("m.user_id = @id", id, "id")
            .And("not o.deleted")
            .AndScope(scope, new ScopeColumns(id: "o.id", organization: "o.id"))
            .Between(Organizations, "order by lower(o.name)");
        return [.. (await db.QueryAsync<OrganizationRow>(sql, ct)).Select(row => row.ToOrganization())];
    }

    private const string FindAppearance = "select key, value from user_configs where user_id = @id and key = any(@keys)";

    public async Task<UserAppearance> FindAppearanceAsync(Guid id, CancellationToken ct)
    {
        var rows = await db.QueryAsync<ConfigRow>(FindAppearance, new { id, keys = new[] { ThemePreference, TerminalFont } }, ct);
        var values = rows.ToDictionary(r => r.Key, r => r.Value, StringComparer.Ordinal);
        return new UserAppearance(values.GetValueOrDefault(ThemePreference, ""), values.GetValueOrDefault(TerminalFont, ""));
    }

    private const string SetConfigs = """
        insert into user_configs (user_id, key, value)
        select @id, c.key, c.value from unnest(@keys::text[], @values::text[]) as c (key, value)
        on conflict (user_id, key) do update set value = excluded.value
        """;

    public Task SetAppearanceAsync(Guid id, UserAppearance appearance, CancellationToken ct) => db.ExecuteAsync(
        SetConfigs,
        new
        {
            id,
            keys = new[] { ThemePreference, TerminalFont },
            values = new[] { appearance.ThemePreference, appearance.TerminalFont },
        },
        ct);

    // Each change ends the status before it. What happens after the last day is not asked for.
    private const string StatusChanges = """
        with changes as (
            select width_bucket(changed_at, @ends::timestamptz[]) as day, new_status,
                   lag(new_status) over (partition by user_id order by id) as old_status
            from user_status_changes
        ),
        steps as (
            select day, new_status as status, 1 as step from changes
            union all
            select day, old_status, -1 from changes
        )
        select day, status::text as status, sum(step) as change
        from steps
        where status is not null and day < cardinality(@ends::timestamptz[])
        group by day, status
        """;

    public async Task<IReadOnlyList<StatusChange>> StatusChangesAsync(IReadOnlyList<DateTimeOffset> ends, CancellationToken ct)
    {
        var rows = await db.QueryAsync<StatusRow>(StatusChanges, new { ends = ends.Select(e => e.UtcDateTime).ToArray() }, ct);
        return [.. rows.Select(r => new StatusChange(UserWireNames.ToUserStatus(r.Status), r.Day, r.Change))];
    }

    private sealed record RolesRow
    {
        public Guid OrganizationId { get; init; }

        public string[] Roles { get; init; } = [];
    }

    private sealed record ConfigRow
    {
        public string Key { get; init; } = "";

        public string Value { get; init; } = "";
    }

    private sealed record StatusRow
    {
        public int Day { get; init; }

        public string Status { get; init; } = "";

        public long Change { get; init; }
    }
}
