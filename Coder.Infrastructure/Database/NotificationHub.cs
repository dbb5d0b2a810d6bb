using System.Collections.Concurrent;
using System.Collections.Immutable;
using Coder.Application.Common;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Coder.Infrastructure.Database;

/// <summary>
/// Receives PostgreSQL notifications on one connection of its own and hands them to all subscribers in this process.
/// A lost LISTEN connection is silent, so it is kept alive by probes, and after a reconnect every subscriber is told to read again.
/// </summary>
public sealed class NotificationHub(string connectionString, TimeProvider time, ILogger<NotificationHub> logger)
    : INotificationSource, IAsyncDisposable
{
    internal const string Listen =
        "listen licenses; listen appearance; listen inbox; listen provisioner_job_posted; listen provisioner_job_changed";

    private readonly ConcurrentDictionary<string, ImmutableArray<Action<string?>>> _handlers = new(StringComparer.Ordinal);
    private NpgsqlConnection? _connection;

    /// <inheritdoc/>
    public IDisposable Subscribe(string channel, Action<string?> handler)
    {
        _handlers.AddOrUpdate(channel, [handler], (_, handlers) => handlers.Add(handler));
        return new Subscription(() => _handlers.AddOrUpdate(channel, [], (_, handlers) => handlers.Remove(handler)));
    }

    /// <summary>Opens the connection. Whoever loads something to keep it in memory does so after this, or it misses a change in between.</summary>
    public async Task ConnectAsync(CancellationToken ct)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            KeepAlive = 30,
            ApplicationName = "coder notifications",
        };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(ct);
            connection.Notification += (_, e) => Publish(e.Channel, e.Payload);
            await using var command = new NpgsqlCommand(Listen, connection);
            await command.ExecuteNonQueryAsync(ct);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        _connection = connection;
    }

    /// <summary>Receives until cancelled, connecting again with growing pauses (0.2 to 10 seconds) whenever the connection is lost.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var pause = TimeSpan.FromMilliseconds(200);
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (_connection is null)
                {
                    await ConnectAsync(ct);
                    DatabaseLog.NotificationsBack(logger);
                    PublishMissed();
                }

                pause = TimeSpan.FromMilliseconds(200);
                while (_connection is { } connection)
                {
                    await connection.WaitAsync(ct);
                }
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                DatabaseLog.NotificationsLost(logger, e.Message);
                await DisposeAsync();
                await Task.Delay(pause, time, ct);
                pause = pause * 2 < TimeSpan.FromSeconds(10) ? pause * 2 : TimeSpan.FromSeconds(10);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _connection, null) is { } connection)
        {
            await connection.DisposeAsync();
        }
    }

    private void PublishMissed()
    {
        foreach (var channel in NotificationChannels.All)
        {
            Publish(channel, null);
        }
    }

    private void Publish(string channel, string? payload)
    {
        if (!_handlers.TryGetValue(channel, out var handlers))
        {
            return;
        }

        foreach (var handler in handlers)
        {
            try
            {
                handler(payload);
            }
            catch (Exception e)
            {
                DatabaseLog.NotificationHandlerFailed(logger, e, channel);
            }
        }
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
