using System.Collections;
using Coder.Api.Configuration;
using Coder.Infrastructure.EmbeddedPostgres;

namespace Coder.Api.Hosting;

/// <summary>One run of the server: settings, database, start, stop. Everything that can go wrong at start ends in one clear line.</summary>
internal static class ServerProcess
{
    public static async Task<int> RunAsync(string[] args, IDictionary environment, TimeProvider time, CancellationToken stop)
    {
        try
        {
            var (options, warnings) = SettingsSources.Read(args, environment);
            if (!CoderSettings.From(options).Is(out var settings, out var error))
            {
                foreach (var field in error.Validations!)
                {
                    await Console.Error.WriteLineAsync($"{field.Field}: {field.Detail}");
                }

                return 1;
            }

            await using var embedded = settings.ConnectionString is null ? await StartPostgresAsync(settings, time, stop) : null;
            await RunAsync(settings, settings.ConnectionString ?? embedded!.ConnectionString, embedded, warnings, time, stop);
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception e) when (e is SettingsException or EmbeddedPostgresException or InvalidOperationException or IOException
            or System.Data.Common.DbException or System.Net.Sockets.SocketException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"The server can not start: {e.Message}");
            return 1;
        }
    }

    internal static async Task<EmbeddedPostgresServer> StartPostgresAsync(CoderSettings settings, TimeProvider time, CancellationToken ct)
    {
        using var loggers = LoggerFactory.Create(logging => CoderServer.AddLogging(logging, settings));
        return await EmbeddedPostgresServer.StartAsync(
            new EmbeddedPostgresOptions { ConfigDirectory = settings.ConfigDir, BinDirectory = settings.PgBin },
            loggers.CreateLogger<EmbeddedPostgresServer>(),
            time,
            ct);
    }

    private static async Task RunAsync(
        CoderSettings settings,
        string connectionString,
        EmbeddedPostgresServer? embedded,
        IReadOnlyList<string> warnings,
        TimeProvider time,
        CancellationToken stop)
    {
        await using var app = CoderServer.Build(settings, connectionString, time);
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Coder");
        foreach (var warning in warnings)
        {
            HostingLog.Setting(logger, warning);
        }

        await CoderServer.StartAsync(app, isAlone: embedded is not null, stop);
        await Banner.WriteAsync(app, settings, embedded, stop);

        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (stop.Register(() => stopping.TrySetResult()))
        await using (app.Lifetime.ApplicationStopping.Register(() => stopping.TrySetResult()))
        {
            await stopping.Task;
        }

        await app.StopAsync(CancellationToken.None);
    }
}
