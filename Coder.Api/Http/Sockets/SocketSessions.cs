using System.Collections.Concurrent;
using Coder.Api.Hosting;
using Coder.Application.Users;

namespace Coder.Api.Http.Sockets;

/// <summary>
/// Ends WebSockets when their session ends. Once a minute one statement asks for the sessions of all of them; a socket that stays open
/// is no use of its session, which therefore ends as if there was none.
/// </summary>
internal sealed class SocketSessions(IServiceScopeFactory scopes, TimeProvider time, ILogger<SocketSessions> logger) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Registration, byte> _open = [];

    /// <summary>How many sockets are open.</summary>
    public int Count => _open.Count;

    /// <summary>Watches the session of a socket until the result is disposed.</summary>
    public IDisposable Watch(string keyId, Action end)
    {
        var registration = new Registration(this, keyId, end);
        _open[registration] = 0;
        return registration;
    }

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
            registration.End();
        }
    }

    private sealed class Registration(SocketSessions owner, string keyId, Action end) : IDisposable
    {
        public string KeyId => keyId;

        public void End() => end();

        public void Dispose() => owner._open.TryRemove(this, out _);
    }
}
