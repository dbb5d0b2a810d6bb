using Coder.Application.AuditLogs;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Infrastructure.AuditLogs;
using Coder.Infrastructure.Database;
using Coder.Testing;
using Npgsql;

namespace Coder.Infrastructure.Tests.AuditLogs;

/// <summary>docs/spec/connection-logs.md, section 5.1: a reader of few organizations does not pay for the entries of all others.</summary>
public sealed class AuditLogPlanTests(AuditLogPlanTests.LargeAuditLog log) : IClassFixture<AuditLogPlanTests.LargeAuditLog>
{
    private static readonly DateTimeOffset End = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ResolvedAuditFilter Everything = new(new AuditLogFilter(), null, null);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Cases => [.. Statements().Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_page_of_few_organizations_is_read_from_their_own_entries(string name)
    {
        var plan = await ExplainAsync(Statements().Single(c => c.Name == name).Statement);

        plan.Should().MatchRegex("Index Scan (Backward )?using audit_logs_organization_idx", plan)
            .And.NotContain("audit_logs_time_idx", plan)
            .And.NotContain("Bitmap", plan)
            .And.NotContain("Seq Scan on audit_logs", plan);
    }

    [Fact]
    public async Task What_is_read_for_an_organization_with_few_entries_is_few()
    {
        var statement = AuditLogStatements.List(Everything, Scope(LargeAuditLog.Rare, 1, 2), 100, 0, null);

        var plan = await ExplainAsync(statement, "explain (analyze, buffers, timing off, costs off)");

        var buffers = plan[plan.IndexOf("shared hit=", StringComparison.Ordinal)..].Split('=', ' ', '\n')[2];
        long.Parse(buffers, System.Globalization.CultureInfo.InvariantCulture).Should().BeLessThan(1_000, plan);
    }

    [Fact]
    public async Task Many_organizations_are_not_read_one_by_one()
    {
        var plan = await ExplainAsync(AuditLogStatements.List(Everything, Scope([.. Enumerable.Range(1, 9)]), 100, 0, null));

        plan.Should().NotContain("unnest").And.NotContain("Seq Scan on audit_logs", plan);
    }

    private static IReadOnlyList<(string Name, SqlText Statement)> Statements()
    {
        var place = new AuditCursor(End.AddDays(-30), LargeAuditLog.Id(5));
        var later = Everything with { Filter = new AuditLogFilter { From = End.AddDays(-60), Until = End.AddDays(-2) } };
        return
        [
            ("few entries", AuditLogStatements.List(Everything, Scope(LargeAuditLog.Rare), 100, 0, null)),
            ("none", AuditLogStatements.List(Everything, Scope(999), 100, 0, null)),
            ("few entries and many", AuditLogStatements.List(Everything, Scope(LargeAuditLog.Rare, 1, 2), 100, 0, null)),
            ("many entries", AuditLogStatements.List(Everything, Scope(1, 2, 3), 100, 0, null)),
            ("eight", AuditLogStatements.List(Everything, Scope([LargeAuditLog.Rare, .. Enumerable.Range(1, 7)]), 100, 0, null)),
            ("a later page", AuditLogStatements.List(Everything, Scope(LargeAuditLog.Rare, 1), 100, 200, null)),
            ("after a place", AuditLogStatements.List(Everything, Scope(LargeAuditLog.Rare, 1), 100, 0, place)),
            ("a time", AuditLogStatements.List(later, Scope(LargeAuditLog.Rare, 1), 100, 0, null)),
            ("export", AuditLogStatements.Next(Everything, Scope(LargeAuditLog.Rare, 1), 1_000, null)),
            ("export after a place", AuditLogStatements.Next(Everything, Scope(LargeAuditLog.Rare, 1), 100, place)),
        ];
    }

    private static ReadScope Scope(params int[] organizations) => Authorizer.ReadScope(
        Actor.Create(
            TestIds.New(), "reader", [],
            [.. organizations.Select(o => new OrganizationRoles(LargeAuditLog.Id(o), [RoleNames.OrganizationAuditor]))], [], KeyScope.All, [],
            AuthorizationOptions.Default),
        ResourceType.AuditLog);

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

    /// <summary>100,000 entries of twenty organizations, and a hundred older ones of another.</summary>
    public sealed class LargeAuditLog : IAsyncLifetime
    {
        public const int Rare = 77;

        private const string Fill = """
            insert into audit_logs (id, time, user_id, organization_id, resource_type, resource_id, resource_target, action, diff, status_code,
                                    additional_fields, request_id, resource_icon)
            select e.id, '2026-03-01T00:00:00Z'::timestamptz - make_interval(mins => e.n), e.id,
                   lpad(to_hex(case when e.n > 100000 then 77 else e.n % 20 end), 32, '0')::uuid, 'workspace', e.id, e.n::text, 'write', '{}', 200,
                   '{}', e.id, ''
            from (select n, lpad(to_hex(n), 32, '0')::uuid as id from generate_series(1, 100100) n) e
            """;

        private TestDatabase? _database;

        public string ConnectionString => _database!.ConnectionString;

        public static Guid Id(int number) =>
            Guid.ParseExact(number.ToString("x32", System.Globalization.CultureInfo.InvariantCulture), "N");

        public async ValueTask InitializeAsync()
        {
            _database = await TestDatabase.CreateAsync(CancellationToken.None);
            await _database.ExecuteAsync(Fill, CancellationToken.None);
            await _database.ExecuteAsync("vacuum analyze audit_logs", CancellationToken.None);
        }

        public async ValueTask DisposeAsync()
        {
            if (_database is not null)
            {
                await _database.DisposeAsync();
            }
        }
    }
}
