using System.Collections.Concurrent;
using System.Net.WebSockets;
using Coder.Api.Hosting;
using Coder.Application.Common;
using Coder.Application.Users;

namespace Coder.Api.Http.Sockets;

/// <summary>
/// Ends WebSockets and streams when their session ends: at once when it is ended, within a minute when it expires, for which one statement
/// asks for the sessions of all of them. They end as well when their user loses rights, for they were opened with these. A socket that
/// stays open is no use of its session, which therefore expires as if there was none. When the server stops, sockets are ended before the
/// listener is, which would cut them off without a goodbye.
/// </summary>
internal sealed class SocketSessions : BackgroundService, IHostedLifecycleService
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private const string UserPrefix = "user:";
    private const string Ended = "The session has ended.";
    private const string LessRights = "The rights of the user have changed.";

    private readonly ConcurrentDictionary<Registration, byte> _open = [];
    private readonly ConcurrentDictionary<Guid, int> _ofUsers = [];
    private readonly SemaphoreSlim _hint = new(0, 1);
    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly IDisposable _subscription;

    public SocketSessions(
        IServiceScopeFactory scopes, INotificationSource notifications, TimeProvider time, ILogger<SocketSessions> logger)
    {
        _scopes = scopes;
        _time = time;
        _logger = logger;
        _subscription = notifications.Subscribe(NotificationChannels.Sessions, Hear);
    }

    /// <summary>How many sockets are open.</summary>
    public int Count => _open.Count;

    /// <summary>How many sockets a user has open.</summary>
    public int CountOf(Guid userId) => _ofUsers.GetValueOrDefault(userId);

    /// <summary>Watches the session of a socket until the result is disposed.</summary>
    public IDisposable Watch(Guid userId, string keyId, JsonSocket socket)
    {
        _ofUsers.AddOrUpdate(userId, 1, (_, count) => count + 1);
        return Add(new Registration(this, userId, keyId, socket.End, isSocket: true));
    }

    /// <summary>Watches the session of a stream, which is no socket and does not count as one, until the result is disposed.</summary>
    /// <param name="userId">Whose it is.</param>
    /// <param name="keyId">The session.</param>
    /// <param name="end">Ends the stream, from any thread and perhaps when it has ended already.</param>
    public IDisposable Watch(Guid userId, string keyId, Action end) =>
        Add(new Registration(this, userId, keyId, (_, _) => end(), isSocket: false));

    public override void Dispose()
    {
        _subscription.Dispose();
        _hint.Dispose();
        base.Dispose();
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
            await WaitAsync(stoppingToken);
            try
            {
                await CheckAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                HostingLog.TickFailed(_logger, e, nameof(SocketSessions));
            }
        }
    }

    private async Task WaitAsync(CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var hint = _hint.WaitAsync(either.Token);
        await Task.WhenAny(hint, Task.Delay(Interval, _time, either.Token));
        await either.CancelAsync();
        await hint.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
    }

    private void Hear(string? hint)
    {
        if (hint is not null && hint.StartsWith(UserPrefix, StringComparison.Ordinal))
        {
            var user = Guid.Parse(hint.AsSpan(UserPrefix.Length));
            EndAll(_open.Keys.Where(o => o.UserId == user), LessRights);
        }
        else if (!string.IsNullOrEmpty(hint))
        {
            EndAll(_open.Keys.Where(o => o.KeyId == hint), Ended);
        }
        else if (_hint.CurrentCount == 0)
        {
            _hint.Release();
        }
    }

    private Registration Add(Registration registration)
    {
        _open[registration] = 0;
        return registration;
    }

    private static void EndAll(IEnumerable<Registration> registrations, string reason)
    {
        foreach (var registration in registrations)
        {
            registration.End(WebSocketCloseStatus.PolicyViolation, reason);
        }
    }

    private async Task CheckAsync(CancellationToken ct)
    {
        var open = _open.Keys.ToList();
        if (open.Count == 0)
        {
            return;
        }

        await using var scope = _scopes.CreateAsyncScope();
        var keys = open.Select(o => o.KeyId).Distinct(StringComparer.Ordinal).ToArray();
        var alive = await scope.ServiceProvider.GetRequiredService<ISessionLife>().AliveAsync(keys, _time.GetUtcNow(), ct);
        EndAll(open.Where(o => !alive.Contains(o.KeyId)), Ended);
    }

    private void Remove(Registration registration)
    {
        if (!_open.TryRemove(registration, out _) || !registration.IsSocket)
        {
            return;
        }

        var count = _ofUsers.AddOrUpdate(registration.UserId, 0, (_, count) => count - 1);
        if (count == 0)
        {
            _ofUsers.TryRemove(new KeyValuePair<Guid, int>(registration.UserId, 0));
        }
    }

    private sealed class Registration(
        SocketSessions owner, Guid userId, string keyId, Action<WebSocketCloseStatus, string> end, bool isSocket) : IDisposable
    {
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Guid UserId => userId;

        public string KeyId => keyId;

        public bool IsSocket => isSocket;

        public Task Closed => _closed.Task;

        public void End(WebSocketCloseStatus status, string reason) => end(status, reason);

        public void Dispose()
        {
            owner.Remove(this);
            _closed.TrySetResult();
        }
    }
}
