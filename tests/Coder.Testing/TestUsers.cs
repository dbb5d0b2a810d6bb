using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Coder.Domain.Authorization;
using Coder.Domain.Users;
using Coder.Infrastructure.Users;
using Npgsql;

namespace Coder.Testing;

/// <summary>What a user of a test is like; without changes an active member of the default organization with a session of 24 hours.</summary>
public sealed record NewTestUser
{
    /// <summary>Site roles, without the implied one.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Roles in the default organization, without the implied one.</summary>
    public IReadOnlyList<string> OrganizationRoles { get; init; } = [];

    /// <summary>Whether the user belongs to the default organization.</summary>
    public bool IsMember { get; init; } = true;

    /// <summary>Whether the user may act.</summary>
    public UserStatus Status { get; init; } = UserStatus.Active;

    /// <summary>How the user signs in.</summary>
    public LoginType LoginType { get; init; } = LoginType.Password;

    /// <summary>What the user's key may be used for.</summary>
    public KeyScope Scope { get; init; } = KeyScope.All;

    /// <summary>The name, or <see langword="null"/> for a new one.</summary>
    public string? Username { get; init; }

    /// <summary>The real name.</summary>
    public string Name { get; init; } = "";

    /// <summary>What the user signs in with, or <see langword="null"/> for no password at all.</summary>
    public string? Password { get; init; }
}

/// <summary>A user with a key.</summary>
/// <param name="Id">The user.</param>
/// <param name="Username">The name.</param>
/// <param name="Email">The address.</param>
/// <param name="Token">The credential of the key.</param>
public sealed record TestAccount(Guid Id, string Username, string Email, ApiKeyToken Token);

/// <summary>A user with a client that has the session of that user.</summary>
/// <param name="Account">The user.</param>
/// <param name="Client">Sends the credential in the header.</param>
public sealed record TestUser(TestAccount Account, HttpClient Client) : IDisposable
{
    /// <summary>The user's id.</summary>
    public Guid Id => Account.Id;

    /// <summary>The user's name.</summary>
    public string Username => Account.Username;

    /// <summary>The user's address.</summary>
    public string Email => Account.Email;

    /// <summary>The credential as clients send it.</summary>
    public string Token => Account.Token.Reveal();

    /// <inheritdoc/>
    public void Dispose() => Client.Dispose();
}

/// <summary>
/// Puts users, keys and organizations straight into the database, in every state that the API would take many calls to reach, or that it
/// never allows.
/// </summary>
/// <example>
/// <code>
/// using var auditor = await server.AddUserAsync(roles: ["auditor"], ct);
/// var response = await auditor.Client.GetAsync("/api/v2/audit", ct);
/// </code>
/// </example>
public static class TestUsers
{
    private const string InsertUser = """
        insert into users (id, email, username, name, hashed_password, created_at, updated_at, status, rbac_roles, login_type)
        values ($1, $2, $3, $4, convert_to($5, 'UTF8'), $6, $6, $7::user_status, $8, $9::login_type)
        """;

    private const string InsertMember = """
        insert into organization_members (organization_id, user_id, created_at, updated_at, roles)
        values ($1, $2, $3, $3, $4)
        """;

    private const string DefaultOrganization = "select id from organizations where is_default";

    private const string InsertKey = """
        insert into api_keys (
            id, hashed_secret, user_id, expires_at, created_at, updated_at, login_type, lifetime_seconds, scope, scopes, allow_list)
        values ($1, $2, $3, $4, $5, $5, $6::login_type, $7, $8::api_key_scope, $9::text[], $10::text[])
        """;

    private const string InsertOrganization = """
        with created as (
            insert into organizations (id, name, display_name, created_at, updated_at) values ($1, $2, $2, now(), now()) returning id
        )
        insert into groups (id, name, organization_id) select id, 'Everyone', id from created
        """;

    private const string InsertGroup = "insert into groups (id, name, organization_id) values ($1, $2, $3)";
    private const string InsertGroupMember = "insert into group_members (group_id, user_id) values ($1, $2)";

    private const string InsertCustomRole = """
        insert into custom_roles (id, name, display_name, organization_id, org_permissions, created_at, updated_at)
        values ($1, $2, $2, $3, $4::jsonb, now(), now())
        """;

    private static readonly TimeSpan SessionDuration = TimeSpan.FromHours(24);

    /// <summary>Adds an active member without any further role.</summary>
    public static Task<TestUser> AddUserAsync(this TestServer server, CancellationToken ct) => server.AddUserAsync(new NewTestUser(), ct);

    /// <summary>Adds an active member with site roles.</summary>
    public static Task<TestUser> AddUserAsync(this TestServer server, IReadOnlyList<string> roles, CancellationToken ct) =>
        server.AddUserAsync(new NewTestUser { Roles = roles }, ct);

    /// <summary>Adds any user.</summary>
    public static async Task<TestUser> AddUserAsync(this TestServer server, NewTestUser user, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(server);
        var account = await server.Database.AddUserAsync(user, server.Clock.GetUtcNow(), ct);
        return new TestUser(account, server.With(account.Token.Reveal()));
    }

    /// <summary>Adds any user, with a key.</summary>
    public static async Task<TestAccount> AddUserAsync(
        this TestDatabase database, NewTestUser user, DateTimeOffset now, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(user);
        var id = NewId();
        var username = user.Username ?? $"user-{id:N}"[..16];
        var email = $"{username}@example.com";
        await database.ExecuteAsync(
            InsertUser,
            ct,
            id,
            email,
            username,
            user.Name,
            await HashAsync(user.Password, ct),
            now,
            user.Status.WireName(),
            user.Roles.ToArray(),
            user.LoginType.WireName());
        if (user.IsMember)
        {
            await database.AddMemberAsync(await database.DefaultOrganizationAsync(ct), id, user.OrganizationRoles, ct);
        }

        var token = await database.AddKeyAsync(id, user.Scope, now, SessionDuration, ct);
        return new TestAccount(id, username, email, token);
    }

    /// <summary>Adds a key that was never used.</summary>
    /// <param name="database">Where to.</param>
    /// <param name="userId">Whose key it is.</param>
    /// <param name="scope">What it may be used for.</param>
    /// <param name="now">When it is made.</param>
    /// <param name="lifetime">How long it lives.</param>
    /// <param name="ct">Stops the statement.</param>
    public static async Task<ApiKeyToken> AddKeyAsync(
        this TestDatabase database, Guid userId, KeyScope scope, DateTimeOffset now, TimeSpan lifetime, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var token = new ApiKeyGenerator().New();
        await database.ExecuteAsync(
            InsertKey,
            ct,
            token.Id,
            SHA256.HashData(Encoding.ASCII.GetBytes(token.Secret)),
            userId,
            now + lifetime,
            now,
            LoginType.Password.WireName(),
            (long)lifetime.TotalSeconds,
            scope.Name,
            scope.IsLimited ? scope.Scopes.ToArray() : DBNull.Value,
            scope.IsLimited ? scope.Allowed.Select(target => target.ToString()).ToArray() : DBNull.Value);
        return token;
    }

    /// <summary>Adds an organization with its Everyone group.</summary>
    /// <returns>The id of both.</returns>
    public static async Task<Guid> AddOrganizationAsync(this TestDatabase database, string name, CancellationToken ct)
    {
        var id = NewId();
        await database.ExecuteAsync(InsertOrganization, ct, id, name);
        return id;
    }

    /// <summary>The id of the default organization, which the migrations make.</summary>
    public static Task<Guid> DefaultOrganizationAsync(this TestDatabase database, CancellationToken ct) =>
        database.ScalarAsync<Guid>(DefaultOrganization, ct);

    /// <summary>Makes a user a member of an organization.</summary>
    public static Task AddMemberAsync(
        this TestDatabase database, Guid organizationId, Guid userId, IReadOnlyList<string> roles, CancellationToken ct) =>
        database.ExecuteAsync(InsertMember, ct, organizationId, userId, DateTimeOffset.UnixEpoch, roles.ToArray());

    /// <summary>Adds a group with members.</summary>
    public static async Task<Guid> AddGroupAsync(
        this TestDatabase database, Guid organizationId, string name, IReadOnlyList<Guid> members, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(members);
        var id = NewId();
        await database.ExecuteAsync(InsertGroup, ct, id, name, organizationId);
        foreach (var member in members)
        {
            await database.ExecuteAsync(InsertGroupMember, ct, id, member);
        }

        return id;
    }

    /// <summary>Adds a custom role that grants actions, each given as <c>type:action</c>.</summary>
    public static Task AddCustomRoleAsync(
        this TestDatabase database, Guid organizationId, string name, IReadOnlyList<string> grants, CancellationToken ct)
    {
        var permissions = grants.Select(g => g.Split(':')).Select(parts => new JsonObject
        {
            ["negate"] = false,
            ["resource_type"] = parts[0],
            ["action"] = parts[1],
        });
        return database.ExecuteAsync(
            InsertCustomRole, ct, NewId(), name, organizationId, new JsonArray([.. permissions]).ToJsonString());
    }

    /// <summary>Runs a statement with positional parameters.</summary>
    /// <returns>The number of rows that it changed.</returns>
    public static async Task<int> ExecuteAsync(this TestDatabase database, string sql, CancellationToken ct, params object[] parameters)
    {
        await using var connection = await OpenAsync(database, ct);
        await using var command = Command(connection, sql, parameters);
        return await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The first column of the first row, or the default value when there is no row or it holds null.</summary>
    public static async Task<T?> ScalarAsync<T>(this TestDatabase database, string sql, CancellationToken ct, params object[] parameters)
    {
        await using var connection = await OpenAsync(database, ct);
        await using var command = Command(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) && !await reader.IsDBNullAsync(0, ct) ? await reader.GetFieldValueAsync<T>(0, ct) : default;
    }

    /// <summary>Waits until a query says true, asking again every 5 ms.</summary>
    public static async Task UntilAsync(this TestDatabase database, string sql, CancellationToken ct)
    {
        while (!await database.ScalarAsync<bool>(sql, ct))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TestClock.System, ct);
        }
    }

    private static Guid NewId() => new(RandomNumberGenerator.GetBytes(16));

    private static async Task<string> HashAsync(string? password, CancellationToken ct)
    {
        if (password is null)
        {
            return "";
        }

        using var hasher = new Pbkdf2PasswordHasher();
        return (await hasher.HashAsync(password, ct)).Match(hash => hash, error => throw new InvalidOperationException(error.Message));
    }

    private static async Task<NpgsqlConnection> OpenAsync(TestDatabase database, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(database);
        var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(ct);
        return connection;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return command;
    }
}
