using System.Threading.Channels;
using Coder.Api.Hosting;
using Coder.Api.Http.Sockets;
using Coder.Application.Common;
using Coder.Application.Notifications;
using Coder.Domain.Notifications;

namespace Coder.Api.Notifications;

/// <summary>
/// Brings new notifications to the open sockets of their users. All sockets share the one LISTEN connection of the server; a hint about
/// a user without a socket here costs nothing, one about a user with any number of them one statement.
/// </summary>
internal sealed class InboxFanOut : BackgroundService
{
    private readonly Watchers<Watcher> _watchers = new();
    private readonly Channel<string?> _hints = Channel.CreateUnbounded<string?>(new UnboundedChannelOptions { SingleReader = true });
    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly IDisposable _subscription;

    public InboxFanOut(
        IServiceScopeFactory scopes, INotificationSource notifications, TimeProvider time, ILogger<InboxFanOut> logger)
    {
        _scopes = scopes;
        _time = time;
        _logger = logger;
        _subscription = notifications.Subscribe(NotificationChannels.Inbox, Hear);
    }

    /// <summary>Brings what arrives from now on to a socket, until the result is disposed.</summary>
    public IDisposable Add(JsonSocket socket, InboxWatch watch)
    {
        var watcher = new Watcher(this, socket, watch, _time.GetUtcNow());
        _watchers.Add(watch.UserId, watcher);
        return watcher;
    }

    public override void Dispose()
    {
        _subscription.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var hint in _hints.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await (hint is null ? CatchUpAsync(stoppingToken) : DeliverAsync(hint, stoppingToken));
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                HostingLog.TickFailed(_logger, e, nameof(InboxFanOut));
            }
        }
    }

    private void Hear(string? hint)
    {
        if (hint is null ? !_watchers.IsEmpty : TryParse(hint, out var user, out _) && _watchers.Has(user))
        {
            _hints.Writer.TryWrite(hint);
        }
    }

    private async Task DeliverAsync(string hint, CancellationToken ct)
    {
        if (!TryParse(hint, out var user, out var id) || _watchers.Of(user) is not { IsEmpty: false } watchers)
        {
            return;
        }

        await using var scope = _scopes.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<IInboxStore>().FindAsync(user, id, ct) is not { } message)
        {
            return;
        }

        foreach (var watcher in watchers)
        {
            watcher.Deliver(message.Notification, message.UnreadCount);
        }
    }

    // Hints may have been lost: everything since a socket was opened that it did not get.
    private async Task CatchUpAsync(CancellationToken ct)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var inbox = scope.ServiceProvider.GetRequiredService<IInboxStore>();
        foreach (var user in _watchers.Subjects)
        {
            // The last one may have gone since.
            if (_watchers.Of(user) is not { IsEmpty: false } watchers)
            {
                continue;
            }

            var missed = await inbox.SinceAsync(user, watchers.Min(w => w.Since), ct);
            var unread = missed.Count == 0 ? 0 : await inbox.CountUnreadAsync(user, ct);
            foreach (var watcher in watchers)
            {
                foreach (var notification in missed.Where(n => n.CreatedAt >= watcher.Since))
                {
                    watcher.Deliver(notification, unread);
                }
            }
        }
    }

    private static bool TryParse(string hint, out Guid user, out Guid id)
    {
        user = default;
        id = default;
        return hint.Split(':') is [var first, var second] && Guid.TryParse(first, out user) && Guid.TryParse(second, out id);
    }

    private sealed class Watcher(InboxFanOut owner, JsonSocket socket, InboxWatch watch, DateTimeOffset since) : IDisposable
    {
        // Only the one loop of the service delivers.
        private readonly HashSet<Guid> _delivered = [];

        public DateTimeOffset Since => since;

        public void Deliver(InboxNotification notification, long unread)
        {
            if (watch.Filter.Matches(notification) && _delivered.Add(notification.Id))
            {
                socket.TrySend(new GetInboxNotificationResponseJson(InboxNotificationJson.From(notification, watch.IsPlain), unread));
            }
        }

        public void Dispose() => owner._watchers.Remove(watch.UserId, this);
    }
}
