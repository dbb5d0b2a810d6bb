using Coder.Domain.Authorization;
using Coder.Testing;
using Npgsql;

namespace Coder.Api.Tests.Licensing;

/// <summary>What tests do to a database behind the back of its servers.</summary>
internal static class LicensingDatabase
{
    /// <summary>
    /// All built-in roles but the owner's: site roles and, before a colon, those of the default organization; empty for a member.
    /// </summary>
    public static IReadOnlyList<string> RolesWithoutLicenses { get; } =
    [
        "",
        "auditor",
        "template-admin",
        "user-admin",
        "organization-admin:",
        "organization-auditor:",
        "organization-user-admin:",
        "organization-template-admin:",
        "organization-workspace-creation-ban:",
    ];

    public static async Task<int> ExecuteAsync(
        this TestServer server, string sql, CancellationToken ct, params (string Name, object Value)[] values)
    {
        await using var connection = new NpgsqlConnection(server.Database.ConnectionString);
        await connection.OpenAsync(ct);
        await using var command = Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync(ct);
    }

    public static async Task<T> ScalarAsync<T>(
        this TestServer server, string sql, CancellationToken ct, params (string Name, object Value)[] values)
    {
        await using var connection = new NpgsqlConnection(server.Database.ConnectionString);
        await connection.OpenAsync(ct);
        await using var command = Command(connection, sql, values);
        return (T)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Adds a user with the password of the owner, who must be there, and signs in.</summary>
    /// <param name="server">The server.</param>
    /// <param name="role">One of <see cref="RolesWithoutLicenses"/>.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<HttpClient> SignInAsRoleAsync(this TestServer server, string role, CancellationToken ct)
    {
        var isOfOrganization = role.EndsWith(':');
        string[] roles = role.Length == 0 ? [] : [role.TrimEnd(':')];
        var email = $"{(role.Length == 0 ? RoleNames.Member : role.TrimEnd(':'))}@people.example.com";
        await server.ExecuteAsync(
            """
            with added as (
                insert into users (id, email, username, hashed_password, created_at, updated_at, status, rbac_roles, login_type)
                select gen_random_uuid(), @email, replace(@email, '@people.example.com', '-user'), hashed_password, created_at, created_at,
                       'active', @site, login_type
                from users where username = 'owner'
                returning id
            )
            insert into organization_members (organization_id, user_id, created_at, updated_at, roles)
            select o.id, a.id, now(), now(), @organization from added a, organizations o where o.is_default
            """,
            ct,
            ("email", email),
            ("site", isOfOrganization ? [] : roles),
            ("organization", isOfOrganization ? roles : []));
        return await server.LogInAsync(email, TestServer.OwnerPassword, ct);
    }

    /// <summary>Stores a license as another server of the deployment would, without telling anybody.</summary>
    public static Task<int> StoreSilentlyAsync(this TestServer server, string token, CancellationToken ct) => server.ExecuteAsync(
        """
        insert into licenses (uploaded_at, jwt, jwt_sha256, exp, uuid)
        values (now(), @token, sha256(convert_to(@token, 'UTF8')), 'infinity', gen_random_uuid())
        """,
        ct,
        ("token", token));

    /// <summary>Makes every node compute its document anew, whatever was refreshed when.</summary>
    public static Task<int> NotifyAsync(this TestServer server, CancellationToken ct) =>
        server.ExecuteAsync("notify licenses, 'refresh'", ct);

    /// <summary>Records starts of managed agents at one instant.</summary>
    public static Task<int> RecordAgentsAsync(
        this TestServer server, DateTimeOffset at, long count, CancellationToken ct) => server.ExecuteAsync(
        """
        insert into usage_events (id, event_type, event_data, created_at)
        values ('build:' || gen_random_uuid(), 'dc_managed_agents_v1', jsonb_build_object('count', @count), @at)
        """,
        ct,
        ("count", count),
        ("at", at.ToUniversalTime()));

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, (string Name, object Value)[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
