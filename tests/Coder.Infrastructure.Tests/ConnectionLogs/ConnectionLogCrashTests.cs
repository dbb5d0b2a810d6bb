using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.Versioning;
using Coder.Domain.ConnectionLogs;
using Coder.Infrastructure.ConnectionLogs;
using Coder.Infrastructure.Database;
using Coder.Infrastructure.EmbeddedPostgres;
using Coder.Infrastructure.Tests.EmbeddedPostgres;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Coder.Infrastructure.Tests.ConnectionLogs;

/// <summary>What was acknowledged survives the death of PostgreSQL itself (docs/spec/connection-logs.md, section 12.4).</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ConnectionLogCrashTests : IDisposable
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private readonly TemporaryFolder _temporary = new();

    // As an operator runs it: commits wait for the disk.
    private EmbeddedPostgresOptions Options => new()
    {
        ConfigDirectory = Path.Combine(_temporary.Path, "config"),
        BinDirectory = Environment.GetEnvironmentVariable("CODER_PG_BIN"),
        Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["shared_buffers"] = "16MB" },
        SyncNewData = false,
        StartTimeout = TimeSpan.FromMinutes(1),
        FallbackDirectory = Path.Combine(_temporary.Path, "fallback"),
    };

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task What_was_acknowledged_is_there_after_PostgreSQL_was_killed_in_the_middle_of_writing()
    {
        var killed = await StartAsync();
        await new Migrator(killed.ConnectionString, NullLogger.Instance).RunAsync(Ct);
        NpgsqlConnection.ClearAllPools();
        var acknowledged = new ConcurrentBag<Guid>();

        await using (var source = NpgsqlDataSource.Create(killed.ConnectionString))
        {
            await using var services = new ServiceCollection()
                .AddScoped(_ => new DbSession(source, TestClock.System))
                .AddSingleton<ConnectionLogLayout>()
                .AddSingleton(TestClock.System)
                .AddScoped<ConnectionLogWriter>()
                .BuildServiceProvider();
            using var stop = new CancellationTokenSource();
            var logger = new BufferedConnectionLogger(services.GetRequiredService<IServiceScopeFactory>(), new PostgresErrors());
            var running = logger.RunAsync(stop.Token);
            var reporters = Enumerable.Range(0, 8).Select(_ => Task.Run(() => ReportUntilRefusedAsync(logger, acknowledged), Ct)).ToArray();
            while (acknowledged.Count < 200)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TestClock.System, Ct);
            }

            killed.Abandon();
            await KillAsync(killed.ProcessId);
            await Task.WhenAll(reporters);
            await stop.CancelAsync();
            await running;
        }

        await using var next = await StartAsync();
        await using var connection = new NpgsqlConnection(next.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand("select array_agg(connection_id) from connection_logs", connection);
        var stored = ((Guid[])(await command.ExecuteScalarAsync(Ct))!).ToHashSet();

        acknowledged.Should().OnlyContain(id => stored.Contains(id));
        (stored.Count - acknowledged.Count).Should().BeInRange(0, 8, "of each reporter one answer may have been lost");
    }

    private static async Task ReportUntilRefusedAsync(BufferedConnectionLogger logger, ConcurrentBag<Guid> acknowledged)
    {
        while (true)
        {
            var start = Connect();
            try
            {
                if ((await logger.WriteAsync([start], Ct)).Error is not null)
                {
                    return;
                }
            }
            catch (Exception e) when (e is NpgsqlException or IOException)
            {
                return;
            }

            acknowledged.Add(start.ConnectionId!.Value);
        }
    }

    private static ConnectionEvent Connect() => new()
    {
        Id = TestIds.New(),
        Time = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
        Status = ConnectionStatus.Connected,
        Type = ConnectionType.Ssh,
        OrganizationId = TestIds.New(),
        WorkspaceOwnerId = TestIds.New(),
        WorkspaceId = TestIds.New(),
        WorkspaceName = "work",
        AgentName = "main",
        Ip = IPAddress.Parse("192.0.2.1"),
        ConnectionId = TestIds.New(),
    };

    private Task<EmbeddedPostgresServer> StartAsync() =>
        EmbeddedPostgresServer.StartAsync(Options, NullLogger.Instance, TestClock.System, Ct);

    // Its children notice and go; the next start waits for them.
    private static async Task KillAsync(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
        var stat = $"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/stat";
        while (File.Exists(stat) && !(await File.ReadAllTextAsync(stat, Ct)).Contains(") Z ", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TestClock.System, Ct);
        }
    }
}
