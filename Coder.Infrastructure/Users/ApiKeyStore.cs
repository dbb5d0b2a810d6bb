using System.Text.Json;
using Coder.Application.Users;
using Coder.Domain.Authorization;
using Coder.Domain.Users;
using Coder.Infrastructure.Database;
using Coder.Infrastructure.Organizations;

namespace Coder.Infrastructure.Users;

internal sealed class ApiKeyStore(DbSession db) : IApiKeyStore
{
    private const string Add = """
        insert into api_keys (
            id, hashed_secret, user_id, expires_at, created_at, updated_at, login_type, lifetime_seconds, ip_address, scope, scopes,
            allow_list, token_name)
        values (
            @id, @hashedSecret, @userId, @expiresAt, @now, @now, @loginType::login_type, @lifetime, @ipAddress::inet,
            @scope::api_key_scope, @scopes::text[], @allowList::text[], @tokenName)
        on conflict (user_id, token_name) where login_type = 'token' do nothing
        """;

    public async Task<bool> AddAsync(NewApiKey key, CancellationToken ct) => await db.ExecuteAsync(
        Add,
        new
        {
            key.Id,
            key.HashedSecret,
            key.UserId,
            now = key.CreatedAt,
            expiresAt = key.CreatedAt + key.Lifetime,
            loginType = key.LoginType.WireName(),
            lifetime = (long)key.Lifetime.TotalSeconds,
            key.IpAddress,
            scope = key.Scope.Name,
            scopes = key.Scope.IsLimited ? key.Scope.Scopes.ToArray() : null,
            allowList = key.Scope.IsLimited ? key.Scope.Allowed.Select(target => target.ToString()).ToArray() : null,
            key.TokenName,
        },
        ct) > 0;

    private const string EndSession = "delete from api_keys where id = @keyId or (user_id = @userId and scope = 'application_connect')";

    public Task EndSessionAsync(string keyId, Guid userId, CancellationToken ct) => db.ExecuteAsync(EndSession, new { keyId, userId }, ct);

    // An organization and its roles stand in one text, since arrays of arrays must be rectangular; role names hold no commas.
    // One flat subquery for each list: this statement runs for every request, and what PostgreSQL sets up for it is most of its cost.
    private const string FindSession = "select " + UserRow.Columns + """
        ,
               k.id as key_id, k.hashed_secret, k.expires_at, k.last_used, k.lifetime_seconds, k.scope::text as scope, k.scopes,
               k.allow_list,
               array(select array_to_string(m.organization_id::text || m.roles, ',')
                     from organization_members m
                     where m.user_id = u.id
                     order by m.created_at, m.organization_id) as memberships,
               array(select g.group_id from group_members g where g.user_id = u.id) as groups,
               (select json_agg(json_build_object(
                           'name', c.name, 'displayName', c.display_name, 'organization', c.organization_id, 'permissions', c.org_permissions))::text
                from custom_roles c
                join organization_members cm on cm.organization_id = c.organization_id and c.name = any (cm.roles)
                where cm.user_id = u.id) as custom_roles
        from api_keys k
        join users u on u.id = k.user_id and not u.deleted
        where k.id = @keyId
        """;

    public async Task<SessionRecord?> FindSessionAsync(string keyId, CancellationToken ct) =>
        (await db.QueryOneAsync<SessionRow>(FindSession, new { keyId }, ct))?.ToRecord();

    private sealed record SessionRow : UserRow
    {
        public string KeyId { get; init; } = "";

        public byte[] HashedSecret { get; init; } = [];

        public DateTimeOffset ExpiresAt { get; init; }

        public DateTimeOffset LastUsed { get; init; }

        public long LifetimeSeconds { get; init; }

        public string Scope { get; init; } = "";

        public string[]? Scopes { get; init; }

        public string[]? AllowList { get; init; }

        public string[] Memberships { get; init; } = [];

        public Guid[] Groups { get; init; } = [];

        public string? CustomRoles { get; init; }

        public SessionRecord ToRecord()
        {
            var organizations = Array.ConvertAll(Memberships, ToRoles);
            return new SessionRecord
            {
                KeyId = KeyId,
                HashedSecret = HashedSecret,
                ExpiresAt = ExpiresAt,
                LastUsed = LastUsed,
                Lifetime = TimeSpan.FromSeconds(LifetimeSeconds),
                Scope = StoredScope.Read(Scope, Scopes, AllowList),
                User = ToUser() with { OrganizationIds = Array.ConvertAll(organizations, o => o.Organization) },
                Organizations = organizations,
                Groups = Groups,
                CustomRoles = CustomRoles is null ? [] : CustomRoleJson.Read(CustomRoles),
            };
        }

        private static OrganizationRoles ToRoles(string membership)
        {
            var comma = membership.IndexOf(',', StringComparison.Ordinal);
            return comma < 0
                ? new OrganizationRoles(Guid.Parse(membership), [])
                : new OrganizationRoles(Guid.Parse(membership.AsSpan(0, comma)), membership[(comma + 1)..].Split(','));
        }
    }

    private static class CustomRoleJson
    {
        public static IReadOnlyList<CustomRole> Read(string json)
        {
            using var document = JsonDocument.Parse(json);
            return [.. document.RootElement.EnumerateArray().Select(ReadRole)];
        }

        private static CustomRole ReadRole(JsonElement role) => new(
            role.GetProperty("name").GetString()!,
            role.GetProperty("displayName").GetString()!,
            role.GetProperty("organization").GetGuid(),
            StoredPermissions.Read(role.GetProperty("permissions")));
    }
}
