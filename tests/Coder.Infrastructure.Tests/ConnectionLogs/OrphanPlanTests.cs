using System.Globalization;
using System.Text.RegularExpressions;
using Coder.Infrastructure.ConnectionLogs;
using Coder.Testing;
using Npgsql;

namespace Coder.Infrastructure.Tests.ConnectionLogs;

/// <summary>The end of a build looks only at sessions that go on (docs/spec/connection-logs.md, section 12.11).</summary>
public abstract partial class OrphanPlanTests(DatabaseFixture fixture, bool isPartitioned) : ConnectionLogTests(fixture), IAsyncLifetime
{
    private const int MostPages = 300;

    private readonly Guid _workspace = TestIds.New();

    private const string Fill = """
        insert into connection_logs (
            id, connect_time, organization_id, workspace_owner_id, workspace_id, workspace_name, agent_name, type, code, connection_id,
            disconnect_time)
        select gen_random_uuid(), '2026-03-01T11:00:00Z'::timestamptz - make_interval(secs => n), $1, $1,
               case when n % 2 = 0 then $2 else gen_random_uuid() end, 'work', 'main', 'ssh', 0, gen_random_uuid(),
               case when n % 5000 > 1 then '2026-03-01T11:00:00Z'::timestamptz end
        from generate_series(1, 40000) n
        """;

    public async ValueTask InitializeAsync()
    {
        if (isPartitioned)
        {
            await PartitionsAt(Now).DivideAsync(Ct);
        }

        await Fixture.Database.ExecuteAsync(Fill, Ct, Organization, _workspace);
        await Fixture.Database.ExecuteAsync("analyze", Ct);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_long_history_of_the_workspace_is_not_read()
    {
        await using var connection = new NpgsqlConnection(Fixture.Database.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);

        var plan = await ExplainAsync(connection, transaction);

        // The first lines are those of the update itself, which writes to indexes and numbers.
        var pages = Pages().Match(plan[plan.IndexOf("LockRows", StringComparison.Ordinal)..]).Groups["pages"].Value;
        plan.Should().Contain("connection_logs_ongoing");
        int.Parse(pages, CultureInfo.InvariantCulture).Should().BeLessThan(MostPages, plan);
    }

    [Fact]
    public async Task What_goes_on_is_ended_and_nothing_else()
    {
        var open = await OpenAsync();

        var ended = await new ConnectionSessions(Fixture.NewSession()).CloseOrphansAsync(_workspace, Now, Ct);

        (open, ended, await OpenAsync()).Should().Be((8, 8, 0));
        (await Fixture.Database.ScalarAsync<long>("select count(*) from connection_logs_ongoing", Ct)).Should().BeGreaterThan(0);
    }

    private Task<long> OpenAsync() => Fixture.Database.ScalarAsync<long>(
        "select count(*) from connection_logs where workspace_id = $1 and disconnect_time is null", Ct, _workspace);

    private async Task<string> ExplainAsync(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        var sql = $"explain (analyze, buffers, costs off, timing off) {ConnectionSessions.CloseOrphans}";
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        command.Parameters.AddWithValue("workspaceId", _workspace);
        command.Parameters.AddWithValue("at", Now);
        command.Parameters.AddWithValue("reason", "x");
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var plan = new System.Text.StringBuilder();
        while (await reader.ReadAsync(Ct))
        {
            plan.Append(reader.GetString(0)).Append('\n');
        }

        return plan.ToString();
    }

    [GeneratedRegex(@"Buffers: shared hit=(?<pages>\d+)")]
    private static partial Regex Pages();
}

/// <summary>The log as one table.</summary>
public sealed class WholeOrphanPlanTests(DatabaseFixture fixture)
    : OrphanPlanTests(fixture, isPartitioned: false), IClassFixture<DatabaseFixture>;

/// <summary>The log as a table for each month.</summary>
public sealed class PartitionedOrphanPlanTests(DatabaseFixture fixture)
    : OrphanPlanTests(fixture, isPartitioned: true), IClassFixture<DatabaseFixture>;
