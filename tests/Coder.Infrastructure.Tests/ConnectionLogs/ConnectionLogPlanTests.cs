using Coder.Application.ConnectionLogs;
using Coder.Domain.Authorization;
using Coder.Domain.ConnectionLogs;
using Coder.Infrastructure.ConnectionLogs;
using Coder.Infrastructure.Database;
using Coder.Testing;
using Npgsql;

namespace Coder.Infrastructure.Tests.ConnectionLogs;

/// <summary>docs/spec/connection-logs.md, section 11 item 11: no key, reader or page needs to look at the whole log.</summary>
public abstract class ConnectionLogPlanTests(LargeLog log, bool isPartitioned)
{
    private const string WholeScan = @"Seq Scan on connection_logs\w* [cp](_\d+)?\b";

    protected static readonly DateTimeOffset End = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected static ConnectionLogQuery All => new() { Scope = ReadScope.All };

    public static TheoryData<string> Cases => [.. Queries().Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_page_is_read_by_an_index(string name)
    {
        var (_, query, window) = Queries().Single(c => c.Name == name);

        var plan = await ExplainAsync(List(query, window));

        plan.Should().NotMatchRegex(WholeScan, name).And.Contain("connection_logs_");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_count_is_made_from_stored_numbers_or_by_an_index(string name)
    {
        var (_, query, _) = Queries().Single(c => c.Name == name);
        var statements = ConnectionLogNumbers.Of(query)?.Statements ?? [ConnectionLogStatements.CountOf(query, null, isPartitioned)];

        foreach (var statement in statements)
        {
            (await ExplainAsync(statement)).Should().NotMatchRegex(WholeScan, name);
        }
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
    public async Task A_page_deep_in_the_log_is_as_cheap_as_the_first_one()
    {
        var first = await CostAsync(new ConnectionLogWindow(100));
        var deep = await CostAsync(new ConnectionLogWindow(100, After: new ConnectionLogCursor(End.AddMinutes(-150_000), TestIds.New())));

        deep.Should().BeLessThan(first * 3);
    }

    private async Task<long> CostAsync(ConnectionLogWindow window)
    {
        var plan = await ExplainAsync(List(All, window), "explain (analyze, buffers, timing off, costs off)");
        var buffers = plan[plan.IndexOf("shared hit=", StringComparison.Ordinal)..].Split('=', ' ', '\n')[2];
        return long.Parse(buffers, System.Globalization.CultureInfo.InvariantCulture);
    }

    private protected SqlText List(ConnectionLogQuery query, ConnectionLogWindow window) => ConnectionLogStatements.List(query, window, isPartitioned);

    protected static IReadOnlyList<(string Name, ConnectionLogQuery Query, ConnectionLogWindow Window)> Queries()
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

    protected static ReadScope Scope(params int[] organizations) => Authorizer.ReadScope(
        Actor.Create(
            TestIds.New(), "reader", [], [.. organizations.Select(o => new OrganizationRoles(LargeLog.Id(o), [RoleNames.OrganizationAuditor]))], [],
            KeyScope.All, [], AuthorizationOptions.Default),
        Permission.ConnectionLogRead);

    protected async Task<string> ExplainAsync(SqlText sql, string explain = "explain (costs off)")
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
}

/// <summary>The log as one table.</summary>
public sealed class WholeConnectionLogPlanTests(LargeLog log) : ConnectionLogPlanTests(log, isPartitioned: false), IClassFixture<LargeLog>
{
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

        (await ExplainAsync(List(query, window))).Should().Contain(index);
    }

    [Theory]
    [InlineData("one organization")]
    [InlineData("three organizations")]
    [InlineData("an organization without rows")]
    [InlineData("keyset of a reader")]
    [InlineData("export of a reader")]
    public async Task A_reader_of_few_organizations_reads_their_own_rows(string name)
    {
        var (_, query, window) = Queries().Single(c => c.Name == name);

        (await ExplainAsync(List(query, window))).Should().Contain("connection_logs_organization_idx").And.NotContain("connection_logs_time_idx");
    }

    [Fact]
    public async Task Rows_that_are_passed_over_are_not_read()
    {
        var plan = await ExplainAsync(List(All, new ConnectionLogWindow(101, Offset: 100_000)));

        plan.Should().Contain("Index Only Scan using connection_logs_time_idx");
    }
}

/// <summary>The log as a table for each month (docs/spec/connection-logs.md, section 12.6).</summary>
public sealed class PartitionedConnectionLogPlanTests(PartitionedLargeLog log)
    : ConnectionLogPlanTests(log.Log, isPartitioned: true), IClassFixture<PartitionedLargeLog>
{
    private const string Analyze = "explain (analyze, costs off, timing off, summary off)";

    private static readonly string[] Months = ["history", "2025_11", "2025_12", "2026_01", "2026_02"];

    [Theory]
    [InlineData("all")]
    [InlineData("one organization")]
    [InlineData("three organizations")]
    [InlineData("type")]
    [InlineData("keyset")]
    [InlineData("keyset of a reader")]
    [InlineData("export")]
    public async Task Partitions_are_read_one_after_the_other_and_no_further_than_the_page_needs(string name)
    {
        var (_, query, window) = Queries().Single(c => c.Name == name);

        var plan = await ExplainAsync(List(query, window), Analyze);

        plan.Should().NotContain("Merge Append", plan).And.MatchRegex(@"Limit \([^\n]*\n *->  Append");
        plan.Should().Contain("(never executed)", "what comes after the page is not read");
    }

    [Fact]
    public async Task A_time_range_leaves_out_the_months_outside_of_it()
    {
        (await MonthsAsync(All with { ConnectedAfter = End.AddDays(-40) })).Should().Equal("2026_01", "2026_02");
        (await MonthsAsync(All with { ConnectedBefore = End.AddDays(-115) })).Should().Equal("history", "2025_11");
        (await MonthsAsync(All with { ConnectedAfter = End.AddDays(-60), ConnectedBefore = End.AddDays(-50), WorkspaceId = LargeLog.Id(77) }))
            .Should().Equal("2025_12", "2026_01");
        (await MonthsAsync(All)).Should().Equal(Months);
    }

    [Fact]
    public async Task The_row_of_a_session_that_goes_on_is_looked_up_in_its_month_alone()
    {
        var plan = await ExplainAsync(List(All with { Status = SessionStatus.Ongoing }, new ConnectionLogWindow(1)), Analyze);

        plan.Split("(never executed)").Length.Should().Be(Months.Length, $"of all partitions one is read: {plan}");
    }

    [Fact]
    public async Task A_count_of_sessions_that_go_on_looks_only_at_those()
    {
        var query = All with { Status = SessionStatus.Ongoing, WorkspaceOwners = [LargeLog.Id(17)] };

        var plan = await ExplainAsync(ConnectionLogStatements.CountOf(query, 10, isPartitioned: true));

        plan.Should().MatchRegex(@"Scan .*on connection_logs_ongoing s\n").And.NotContain("owner_id_connect_time");
    }

    private async Task<IEnumerable<string>> MonthsAsync(ConnectionLogQuery query)
    {
        var plan = await ExplainAsync(List(query, new ConnectionLogWindow(101)));
        return Months.Where(m => plan.Contains($"on connection_logs_{m} ", StringComparison.Ordinal));
    }
}
