using System.Globalization;
using Npgsql;

namespace Coder.Benchmarks.ConnectionLogs;

/// <summary>
/// A year of connections: 200 people of whom few do most, three workspaces each, 20 organizations of which the last is small, two thirds
/// sessions, and one row of twenty a session that goes on. The naive variant gets the same rows.
/// </summary>
internal static class LargeLog
{
    private const int Chunk = 250_000;
    private const string AddPeople = """
        insert into organizations (id, name, display_name, created_at, updated_at)
        select ('00000000-0000-4000-8001-' || lpad(to_hex(n), 12, '0'))::uuid, 'organization' || n, 'Organization ' || n, now(), now()
        from generate_series(1, 20) n;
        insert into users (id, email, username, name, hashed_password, created_at, updated_at, status, rbac_roles, login_type)
        select ('00000000-0000-4000-8002-' || lpad(to_hex(n), 12, '0'))::uuid, 'user' || n || '@example.com', 'user' || n, '', '', now(), now(),
               'active', '{}', 'password'
        from generate_series(1, 200) n;
        insert into organization_members (organization_id, user_id, created_at, updated_at)
        select ('00000000-0000-4000-8001-' || lpad(to_hex(1 + n % 19), 12, '0'))::uuid,
               ('00000000-0000-4000-8002-' || lpad(to_hex(n), 12, '0'))::uuid, now(), now()
        from generate_series(1, 200) n;
        analyze
        """;

    // The ids grow with time, as those of the product do.
    private const string Fill = """
        insert into connection_logs (
            id, connect_time, organization_id, workspace_owner_id, workspace_id, workspace_name, agent_name, type, ip, code, user_agent,
            user_id, slug_or_port, connection_id, disconnect_time, disconnect_reason)
        select (lpad(to_hex((extract(epoch from r.time) * 1000)::bigint), 12, '0') || '7' || substr(md5(r.n::text), 1, 3)
                   || '8' || substr(md5(r.n::text), 4, 15))::uuid,
               r.time,
               ('00000000-0000-4000-8001-' || lpad(to_hex(case when r.n % 2000 = 7 then 20 else 1 + r.owner % 19 end), 12, '0'))::uuid,
               ('00000000-0000-4000-8002-' || lpad(to_hex(r.owner), 12, '0'))::uuid,
               ('00000000-0000-4000-8003-' || lpad(to_hex(r.owner * 3 + r.n % 3), 12, '0'))::uuid,
               'workspace-' || r.n % 3,
               'main',
               r.type::connection_type,
               ('10.' || r.owner || '.' || r.n % 250 || '.1')::inet,
               case when not r.is_session then 200 when r.ends then 0 end,
               case when not r.is_session then 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0' end,
               case when not r.is_session then ('00000000-0000-4000-8002-' || lpad(to_hex(r.visitor), 12, '0'))::uuid end,
               case r.type when 'workspace_app' then 'code-server' when 'port_forwarding' then '8080' end,
               case when r.is_session then md5('c' || r.n)::uuid end,
               case when r.is_session and r.ends then r.time + make_interval(secs => 60 + r.n % 7200) end,
               case when r.is_session and r.ends and r.n % 4 = 0 then 'client closed the connection' end
        from (
            select d.n, d.time, d.type, d.type not in ('workspace_app', 'port_forwarding') as is_session, d.ends,
                   1 + floor(200 * d.a * d.a)::int as owner, 1 + floor(200 * d.b * d.b)::int as visitor
            from (
                select n,
                       timestamptz '2026-06-01T00:00:00Z' - make_interval(secs => (@rows - n) * 31536000.0 / @rows) as time,
                       (array['ssh', 'ssh', 'ssh', 'vscode', 'vscode', 'vscode', 'jetbrains', 'reconnecting_pty', 'workspace_app',
                              'workspace_app', 'workspace_app', 'port_forwarding'])[1 + floor(12 * random())::int] as type,
                       random() as a, random() as b, random() > 0.075 as ends
                from generate_series(@from, @to) n
            ) d
        ) r
        """;

    /// <summary>The end of the year; the newest row is of this time.</summary>
    public static DateTimeOffset End { get; } = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The organization with one row of 2,000.</summary>
    public static Guid SmallOrganization { get; } = Guid.Parse("00000000-0000-4000-8001-000000000014");

    /// <summary>Somebody in the middle: half of the people have more rows.</summary>
    public const int Somebody = 100;

    /// <summary>A user, 1 to 200; the first is the busiest.</summary>
    public static Guid User(int number) => Guid.Parse(string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8002-{number:x12}"));

    /// <summary>A workspace of a user, 0 to 2.</summary>
    public static Guid Workspace(int user, int number) =>
        Guid.Parse(string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8003-{(user * 3) + number:x12}"));

    /// <summary>Fills a database that has the schema and no rows.</summary>
    public static async Task FillAsync(string connectionString, int rows, CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var connection = await source.OpenConnectionAsync(ct);
        await RunAsync(connection, AddPeople, ct);
        await RunAsync(connection, "select setseed(0.5)", ct);
        for (var from = 1; from <= rows; from += Chunk)
        {
            var to = Math.Min(from + Chunk - 1, rows);
            await RunAsync(connection, Fill, ct, ("rows", rows), ("from", from), ("to", to));
            Progress.Say($"{to} of {rows} rows");
        }

        await RunAsync(connection, NaiveLog.Schema, ct);
        string[] tables =
        [
            "connection_logs", "connection_logs_ongoing", "connection_log_counts", "connection_log_totals", "naive.connection_logs", "users",
            "organizations",
        ];
        foreach (var table in tables)
        {
            // As the server does by itself after so many rows; both variants count by index then, where they have one.
            await RunAsync(connection, $"vacuum analyze {table}", ct);
        }

        await RunAsync(connection, "checkpoint", ct);
    }

    private static async Task RunAsync(
        NpgsqlConnection connection, string sql, CancellationToken ct, params (string Name, int Value)[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        await command.ExecuteNonQueryAsync(ct);
    }
}
