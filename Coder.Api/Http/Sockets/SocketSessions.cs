using System.Collections.Concurrent;
using System.Net.WebSockets;
using Coder.Api.Hosting;
using Coder.Application.Users;

namespace Coder.Api.Http.Sockets;

/// <summary>
/// Ends WebSockets when their session ends. Once a minute one statement asks for the sessions of all of them; a socket that stays open
/// is no use of its session, which therefore ends as if there was none. When the server stops, sockets are ended before the listener is,
/// which would cut them off without a goodbye.
/// </summary>
internal sealed class SocketSessions(IServiceScopeFactory scopes, TimeProvider time, ILogger<SocketSessions> logger)
    : BackgroundService, IHostedLifecycleService
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Registration, byte> _open = [];

    /// <summary>How many sockets are open.</summary>
    public int Count => _open.Count;

    /// <summary>Watches the session of a socket until the result is disposed.</summary>
    public IDisposable Watch(string keyId, JsonSocket socket)
    {
        var registration = new Registration(this, keyId, socket);
        _open[registration] = 0;
        return registration;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var open = _open.Keys.ToList();
        foreach (var registration in open)
        {
            registration.End(WebSocketCloseStatus.EndpointUnavailable, "The server is stopping.");
        }

        try
        {
            await Task.WhenAll(open.Select(o => o.Closed)).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Whoever does not say goodbye in time is cut off with the listener.
        }
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Interval, time, stoppingToken);
            try
            {
                await CheckAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                HostingLog.TickFailed(logger, e, nameof(SocketSessions));
            }
        }
    }

    private async Task CheckAsync(CancellationToken ct)
    {
        var open = _open.Keys.ToList();
        if (open.Count == 0)
        {
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        var keys = open.Select(o => o.KeyId).Distinct(StringComparer.Ordinal).ToArray();
        var alive = await scope.ServiceProvider.GetRequiredService<ISessionLife>().AliveAsync(keys, time.GetUtcNow(), ct);
        foreach (var registration in open.Where(o => !alive.Contains(o.KeyId)))
        {
            registration.End(WebSocketCloseStatus.PolicyViolation, "The session has ended.");
        }
    }

    private sealed class Registration(SocketSessions owner, string keyId, JsonSocket socket) : IDisposable
    {
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string KeyId => keyId;

        public Task Closed => _closed.Task;

        public void End(WebSocketCloseStatus status, string reason) => socket.End(status, reason);

        public void Dispose()
        {
            owner._open.TryRemove(this, out _);
            _closed.TrySetResult();
        }
    }
}
