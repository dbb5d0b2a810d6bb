using System.Collections;
using System.Data.Common;
using Coder.Api.Configuration;
using Coder.Application.ConnectionLogs;
using Coder.Domain.ConnectionLogs;
using Coder.Infrastructure.EmbeddedPostgres;
using MediatR;

namespace Coder.Api.Hosting;

/// <summary>
/// Work on the database that an operator starts by hand, with the settings of the server: <c>maintenance verify-connection-log-counts</c>,
/// <c>maintenance rebuild-connection-log-counts</c> and <c>maintenance partition-connection-log</c>. Servers on the same database may go on
/// running; an embedded database is started for it, and so needs its server to be stopped.
/// </summary>
internal static class MaintenanceProcess
{
    /// <summary>The first word of the command line.</summary>
    public const string Name = "maintenance";

    private const string Verify = "verify-connection-log-counts";
    private const string Rebuild = "rebuild-connection-log-counts";
    private const string Partition = "partition-connection-log";

    private const int MostSessions = 100;

    /// <returns>0 when all is well or was put right, 1 when the work could not be done, 2 when <c>verify</c> found differences.</returns>
    public static async Task<int> RunAsync(string[] args, IDictionary environment, TimeProvider time, CancellationToken stop)
    {
        if (args is not [Verify or Rebuild or Partition, ..])
        {
            await Console.Error.WriteLineAsync($"{Name}: expected {Verify}, {Rebuild} or {Partition}");
            return 1;
        }

        try
        {
            var (options, _) = SettingsSources.Read(args[1..], environment);
            if (!CoderSettings.From(options).Is(out var settings, out var error))
            {
                foreach (var field in error.Validations!)
                {
                    await Console.Error.WriteLineAsync($"{field.Field}: {field.Detail}");
                }

                return 1;
            }

            await using var embedded = settings.ConnectionString is null ? await ServerProcess.StartPostgresAsync(settings, time, stop) : null;
            var database = WithoutTimeLimit(settings.ConnectionString ?? embedded!.ConnectionString);
            await using var app = CoderServer.Build(settings, database, time);
            return args[0] == Partition
                ? await PartitionAsync(app.Services, stop)
                : await CountAsync(args[0] == Rebuild, app.Services, stop);
        }
        catch (Exception e) when (e is SettingsException or EmbeddedPostgresException or InvalidOperationException or IOException
            or DbException or System.Net.Sockets.SocketException or UnauthorizedAccessException
            || (e is OperationCanceledException && stop.IsCancellationRequested))
        {
            await Console.Error.WriteLineAsync($"{Name}: {e.Message}");
            return 1;
        }
    }

    // Whoever waits for it here can end it.
    private static string WithoutTimeLimit(string connectionString) =>
        new DbConnectionStringBuilder { ConnectionString = connectionString, ["Command Timeout"] = 0 }.ConnectionString;

    private static async Task<int> PartitionAsync(IServiceProvider services, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        await Console.Out.WriteLineAsync(
            "Dividing the connection log by month. Until this has ended, nobody reads it and nothing is written to it.");
        var outcome = await scope.ServiceProvider.GetRequiredService<ISender>().Send(new PartitionConnectionLog(), ct);
        if (!outcome.Is(out var isNew, out var error))
        {
            await Console.Error.WriteLineAsync($"{Name}: {error.Message} {error.Detail}");
            return 1;
        }

        await Console.Out.WriteLineAsync(isNew
            ? "The connection log is divided by month now."
            : "The connection log was divided by month already.");
        return 0;
    }

    private static async Task<int> CountAsync(bool isRebuild, IServiceProvider services, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var sender = scope.ServiceProvider.GetRequiredService<ISender>();
        var outcome = isRebuild
            ? await sender.Send(new RebuildConnectionLogCounts(), ct)
            : await sender.Send(new VerifyConnectionLogCounts(), ct);
        if (!outcome.Is(out var differences, out var error))
        {
            await Console.Error.WriteLineAsync($"{Name}: {error.Message}");
            return 1;
        }

        foreach (var line in LinesOf(differences, isRebuild))
        {
            await Console.Out.WriteLineAsync(line);
        }

        return differences.IsEmpty || isRebuild ? 0 : 2;
    }

    private static IEnumerable<string> LinesOf(ConnectionLogDifferences differences, bool isRebuild)
    {
        var (numbers, sessions) = differences;
        foreach (var number in numbers)
        {
            var missing = FormattableString.Invariant($"{number.Missing:+0;-0;0}, {number.MissingOngoing:+0;-0;0} ongoing");
            yield return FormattableString.Invariant(
                $"{number.Day:yyyy-MM-dd} {number.OrganizationId} {number.Type.WireName()}: {missing}");
        }

        foreach (var session in sessions.Take(MostSessions))
        {
            var what = session.IsMissing ? "is missing" : "does not go on";
            yield return FormattableString.Invariant($"{session.ConnectTime:yyyy-MM-ddTHH:mm:ss.ffffffZ} session {session.Id}: {what}");
        }

        if (sessions.Count > MostSessions)
        {
            yield return $"… and {sessions.Count - MostSessions} more sessions";
        }

        yield return numbers.Count == 0 ? "The stored numbers are right."
            : isRebuild ? $"{numbers.Count} stored numbers were wrong and are right now."
            : $"{numbers.Count} stored numbers are wrong.";
        yield return sessions.Count == 0 ? "The table of sessions that go on is right."
            : isRebuild ? $"{sessions.Count} entries of the table of sessions that go on were wrong and are right now."
            : $"{sessions.Count} entries of the table of sessions that go on are wrong.";
    }
}
