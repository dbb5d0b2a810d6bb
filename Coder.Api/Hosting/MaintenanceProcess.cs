using System.Collections;
using Coder.Api.Configuration;
using Coder.Application.ConnectionLogs;
using Coder.Domain.Common;
using Coder.Domain.ConnectionLogs;
using Coder.Infrastructure.EmbeddedPostgres;
using MediatR;

namespace Coder.Api.Hosting;

/// <summary>
/// Work on the database that an operator starts by hand, with the settings of the server: <c>maintenance verify-connection-log-counts</c>
/// and <c>maintenance rebuild-connection-log-counts</c>. Servers on the same database may go on running; an embedded database is
/// started for it, and so needs its server to be stopped.
/// </summary>
internal static class MaintenanceProcess
{
    /// <summary>The first word of the command line.</summary>
    public const string Name = "maintenance";

    private const string Verify = "verify-connection-log-counts";
    private const string Rebuild = "rebuild-connection-log-counts";

    /// <returns>0 when all is well or was put right, 1 when the work could not be done, 2 when <c>verify</c> found differences.</returns>
    public static async Task<int> RunAsync(string[] args, IDictionary environment, TimeProvider time, CancellationToken stop)
    {
        if (args is not [Verify or Rebuild, ..])
        {
            await Console.Error.WriteLineAsync($"{Name}: expected {Verify} or {Rebuild}");
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
            await using var app = CoderServer.Build(settings, settings.ConnectionString ?? embedded!.ConnectionString, time);
            return await RunAsync(args[0] == Rebuild, app.Services, stop);
        }
        catch (Exception e) when (e is SettingsException or EmbeddedPostgresException or InvalidOperationException or IOException
            or System.Data.Common.DbException or System.Net.Sockets.SocketException or UnauthorizedAccessException
            || (e is OperationCanceledException && stop.IsCancellationRequested))
        {
            await Console.Error.WriteLineAsync($"{Name}: {e.Message}");
            return 1;
        }
    }

    private static async Task<int> RunAsync(bool isRebuild, IServiceProvider services, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var sender = scope.ServiceProvider.GetRequiredService<ISender>();
        Result<IReadOnlyList<ConnectionLogDrift>> outcome = isRebuild
            ? await sender.Send(new RebuildConnectionLogCounts(), ct)
            : await sender.Send(new VerifyConnectionLogCounts(), ct);
        if (!outcome.Is(out var drift, out var error))
        {
            await Console.Error.WriteLineAsync($"{Name}: {error.Message}");
            return 1;
        }

        foreach (var number in drift)
        {
            var missing = FormattableString.Invariant($"{number.Missing:+0;-0;0}, {number.MissingOngoing:+0;-0;0} ongoing");
            await Console.Out.WriteLineAsync(FormattableString.Invariant(
                $"{number.Day:yyyy-MM-dd} {number.OrganizationId} {number.Type.WireName()}: {missing}"));
        }

        await Console.Out.WriteLineAsync(drift.Count == 0 ? "The stored numbers are right."
            : isRebuild ? $"{drift.Count} stored numbers were wrong and are right now."
            : $"{drift.Count} stored numbers are wrong.");
        return drift.Count == 0 || isRebuild ? 0 : 2;
    }
}
