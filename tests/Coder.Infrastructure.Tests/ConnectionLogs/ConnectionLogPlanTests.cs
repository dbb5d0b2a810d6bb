using Coder.Application.ConnectionLogs;
using Coder.Domain.Authorization;
using Coder.Domain.ConnectionLogs;
using Coder.Infrastructure.ConnectionLogs;
using Coder.Infrastructure.Database;
using Coder.Testing;
using Npgsql;

namespace Coder.Infrastructure.Tests.ConnectionLogs;

/// <summary>docs/spec/connection-logs.md, section 11 item 11: no key, reader or page needs to look at the whole log.</summary>
public sealed class ConnectionLogPlanTests(ConnectionLogPlanTests.LargeLog log) : IClassFixture<ConnectionLogPlanTests.LargeLog>
{
    private static readonly DateTimeOffset End = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static ConnectionLogQuery All => new() { Scope = ReadScope.All };

    public static TheoryData<string> Cases => [.. Queries().Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_page_is_read_by_an_index(string name)
    {
        var (_, query, window) = Queries().Single(c => c.Name == name);

        var plan = await ExplainAsync(ConnectionLogStore.List(query, window));

        plan.Should().NotContain("Seq Scan on connection_logs c", name).And.Contain("connection_logs_");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_count_is_made_from_stored_numbers_or_by_an_index(string name)
    {
        var (_, query, _) = Queries().Single(c => c.Name == name);
        var statements = ConnectionLogNumbers.Of(query)?.Statements ?? [ConnectionLogStore.CountOf(query, null)];

        foreach (var statement in statements)
        {
            (await ExplainAsync(statement)).Should().NotContain("Seq Scan on connection_logs c", name);
        }
    }

    [Theory]
    [InlineData("owner", "connection_logs_owner_idx")]
    [InlineData("user", "connection_logs_user_idx")]
    [InlineData("workspace", "connection_logs_workspace_idx")]
    [InlineData("connection", "connection_logs_session_key")]
    [InlineData("type", "connection_logs_type_idx")]
    [InlineData("organization", "connection_logs_organization_idx")]
    [InlineData("ongoing", "connection_logs_ongoing_time_idx")]
    [InlineData("all", "connection_logs_time_idx")]
    public async Task Every_index_has_a_use(string name, string index)
    {
        var (_, query, window) = Queries().Single(c => c.Name == name);

        (await ExplainAsync(ConnectionLogStore.List(query, window))).Should().Contain(index);
    }

    [Fact]
    public async Task Without_a_time_range_nothing_is_counted_and_no_days_are_added_up()
    {
        SessionStatus?[] all = [null, SessionStatus.Ongoing, SessionStatus.Completed];
        foreach (var status in all)
        {
            var statement = ConnectionLogNumbers.Of(All with { Status = status })!.Statements.Should().ContainSingle().Which;

            (await ExplainAsync(statement)).Should().Contain("connection_log_totals")
                .And.NotContain("connection_log_counts").And.NotContain("connection_logs");
        }
    }

    [Fact]
    public async Task Rows_that_are_passed_over_are_not_read()
    {
        var plan = await ExplainAsync(ConnectionLogStore.List(All, new ConnectionLogWindow(101, Offset: 100_000)));

        plan.Should().Contain("Index Only Scan using connection_logs_time_idx");
    }

    [Fact]
    public async Task A_page_deep_in_the_log_is_as_cheap_as_the_first_one()
    {
        var first = await CostAsync(new ConnectionLogWindow(100));
        var deep = await CostAsync(new ConnectionLogWindow(100, After: new ConnectionLogCursor(End.AddMinutes(-150_000), TestIds.New())));

        deep.Should().BeLessThan(first * 3);
    }

    private async Task<long> CostAsync(ConnectionLogWindow window)
    {
        var plan = await ExplainAsync(ConnectionLogStore.List(All, window), "explain (analyze, buffers, timing off, costs off)");
        var buffers = plan[plan.IndexOf("shared hit=", StringComparison.Ordinal)..].Split('=', ' ', '\n')[2];
        return long.Parse(buffers, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static IReadOnlyList<(string Name, ConnectionLogQuery Query, ConnectionLogWindow Window)> Queries()
    {
        var page = new ConnectionLogWindow(101);
        return
        [
            ("all", All, page),
            ("one organization", All with { Scope = Scope(1) }, page),
            ("three organizations", All with { Scope = Scope(1, 2, 3) }, page),
            ("ten organizations", All with { Scope = Scope([.. Enumerable.Range(1, 10)]) }, page),
            ("an organization without rows", All with { Scope = Scope(999) }, page),
            ("organization", All with { OrganizationId = LargeLog.Id(21) }, page),
            ("organization of a reader", All with { OrganizationId = LargeLog.Id(1), Scope = Scope(1, 2) }, page),
            ("owner", All with { WorkspaceOwners = [LargeLog.Id(17)] }, page),
            ("owners", All with { WorkspaceOwners = [LargeLog.Id(17), LargeLog.Id(18)] }, page),
            ("owner of a reader", All with { WorkspaceOwners = [LargeLog.Id(17)], Scope = Scope(1, 2) }, page),
            ("user", All with { Users = [LargeLog.Id(33)] }, page),
            ("workspace", All with { WorkspaceId = LargeLog.Id(77) }, page),
            ("connection", All with { ConnectionId = LargeLog.Id(1_002) }, page),
            ("type", All with { Type = ConnectionType.JetBrains }, page),
            ("ongoing", All with { Status = SessionStatus.Ongoing }, page),
            ("ongoing of a reader", All with { Status = SessionStatus.Ongoing, Scope = Scope(1, 2) }, page),
            ("completed", All with { Status = SessionStatus.Completed }, page),
            ("ongoing, deep", All with { Status = SessionStatus.Ongoing }, page with { After = new(End.AddDays(-9), LargeLog.Id(5)) }),
            ("ongoing of an owner", All with { Status = SessionStatus.Ongoing, WorkspaceOwners = [LargeLog.Id(17)] }, page),
            ("ongoing in a time", All with { Status = SessionStatus.Ongoing, ConnectedAfter = End.AddDays(-1).AddHours(-2) }, page),
            ("passing over many", All, page with { Offset = 100_000 }),
            ("after", All with { ConnectedAfter = End.AddDays(-1).AddHours(-2) }, page),
            ("before", All with { ConnectedBefore = End.AddDays(-30).AddHours(-2) }, page),
            ("keyset", All, page with { After = new ConnectionLogCursor(End.AddDays(-60), LargeLog.Id(5)) }),
            ("keyset of a reader", All with { Scope = Scope(1, 2) }, page with { After = new ConnectionLogCursor(End.AddDays(-60), LargeLog.Id(5)) }),
            ("export", All, new ConnectionLogWindow(1_000, OldestFirst: true)),
            ("export of a reader", All with { Scope = Scope(1, 2) }, new ConnectionLogWindow(1_000, OldestFirst: true)),
        ];
    }

    private static ReadScope Scope(params int[] organizations) => Authorizer.ReadScope(
        Actor.Create(
            TestIds.New(), "reader", [], [.. organizations.Select(o => new OrganizationRoles(LargeLog.Id(o), [RoleNames.OrganizationAuditor]))], [],
            KeyScope.All, [], AuthorizationOptions.Default),
        Permission.ConnectionLogRead);

    private async Task<string> ExplainAsync(SqlText sql, string explain = "explain (costs off)")
    {
        await using var connection = new NpgsqlConnection(log.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand($"{explain} {sql.Text}", connection);
        foreach (var name in sql.Parameters.ParameterNames)
        {
            command.Parameters.AddWithValue(name, sql.Parameters.Get<object>(name));
        }

        await using var reader = await command.ExecuteReaderAsync(Ct);
        var plan = new System.Text.StringBuilder();
        while (await reader.ReadAsync(Ct))
        {
            plan.Append(reader.GetString(0)).Append('\n');
        }

        return plan.ToString();
    }

    /// <summary>A log of 200,000 rows over 200,000 minutes, made by one statement.</summary>
    public sealed class LargeLog : IAsyncLifetime
    {
        private const string Fill = """
            insert into connection_logs (
                id, connect_time, organization_id, workspace_owner_id, workspace_id, workspace_name, agent_name, type, ip, code, user_agent,
                user_id, slug_or_port, connection_id, disconnect_time)
            select gen_random_uuid(), '2026-03-01T00:00:00Z'::timestamptz - make_interval(mins => n),
                   case when n % 2000 = 7 then pg_temp.id(21) else pg_temp.id(n % 20) end, pg_temp.id(n % 500),
                   pg_temp.id(n % 700), 'work', 'main',
                   case when n % 1000 = 3 then 'jetbrains'
                       else (array['ssh', 'vscode', 'vscode', 'reconnecting_pty', 'workspace_app', 'port_forwarding'])[1 + n % 6]
                   end::connection_type,
                   '192.0.2.1', 0, 'firefox',
                   case when n % 6 > 3 then pg_temp.id(n % 400) end, 'code', case when n % 6 <= 3 then pg_temp.id(n) end,
                   case when n % 6 <= 3 and n % 5000 <> 0 then now() end
            from generate_series(1, 200000) n
            """;

        private TestDatabase? _database;

        public string ConnectionString => _database!.ConnectionString;

        public static Guid Id(int number) => Guid.ParseExact(number.ToString("x32", System.Globalization.CultureInfo.InvariantCulture), "N");

        public async ValueTask InitializeAsync()
        {
            _database = await TestDatabase.CreateAsync(CancellationToken.None);
            await using var connection = new NpgsqlConnection(_database.ConnectionString);
            await connection.OpenAsync();
            await RunAsync(connection, "create function pg_temp.id(n int) returns uuid language sql as $f$ select lpad(to_hex(n), 32, '0')::uuid $f$");
            await RunAsync(connection, Fill);
            await RunAsync(connection, "vacuum analyze connection_logs");
            await RunAsync(connection, "vacuum analyze connection_logs_ongoing");
            await RunAsync(connection, "analyze connection_log_counts");
            await RunAsync(connection, "analyze connection_log_totals");
        }

        public async ValueTask DisposeAsync()
        {
            if (_database is not null)
            {
                await _database.DisposeAsync();
            }
        }

        private static async Task RunAsync(NpgsqlConnection connection, string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
