using Npgsql;

namespace Coder.Benchmarks.Http;

/// <summary>Other users beside the one who asks: PostgreSQL plans otherwise for tables that are all but empty.</summary>
internal static class Population
{
    private const string Add = """
        with added as (
            insert into users (id, email, username, name, hashed_password, created_at, updated_at, status, rbac_roles, login_type)
            select gen_random_uuid(), 'user' || i || '@example.com', 'user' || i, '', '', now(), now(), 'active', '{}', 'password'
            from generate_series(1, 1000) i
            returning id
        )
        insert into organization_members (organization_id, user_id, created_at, updated_at)
        select o.id, added.id, now(), now() from added cross join organizations o where o.is_default;
        analyze
        """;

    /// <summary>Adds a thousand members of the default organization.</summary>
    public static async Task AddAsync(string connectionString, CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(Add);
        await command.ExecuteNonQueryAsync(ct);
    }
}
