using System.Net.WebSockets;
using System.Threading.Channels;
using Coder.Api.Hosting;
using Coder.Api.Http.Sockets;
using Coder.Application.Common;
using Coder.Application.Workspaces;

namespace Coder.Api.Workspaces;

/// <summary>
/// Brings the lines of agents' logs to those who follow them. All sockets share the one LISTEN connection of the server; a hint about an
/// agent whose log nobody follows here costs nothing, one about any other costs one statement.
/// </summary>
internal sealed class AgentLogFanOut : BackgroundService
{
    private readonly Watchers<Follower> _followers = new();
    private readonly Channel<Guid> _hints = Channel.CreateUnbounded<Guid>(new UnboundedChannelOptions { SingleReader = true });
    private readonly IServiceScopeFactory _scopes;
    private readonly ILogger _logger;
    private readonly IDisposable _subscription;

    public AgentLogFanOut(IServiceScopeFactory scopes, INotificationSource notifications, ILogger<AgentLogFanOut> logger)
    {
        _scopes = scopes;
        _logger = logger;
        _subscription = notifications.Subscribe(NotificationChannels.AgentLogs, Hear);
    }

    /// <summary>Brings all lines with a greater id to a socket, those that are there and those to come, until the result is disposed.</summary>
    public Follower Add(JsonSocket socket, Guid agent, long after)
    {
        var follower = new Follower(this, socket, agent, after);
        _followers.Add(agent, follower);
        _hints.Writer.TryWrite(agent);
        return follower;
    }

    public override void Dispose()
    {
        _subscription.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var agent in _hints.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await DeliverAsync(agent, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                HostingLog.TickFailed(_logger, e, nameof(AgentLogFanOut));
            }
        }
    }

    private void Hear(string? hint)
    {
        if (hint is null)
        {
            // Hints may have been lost.
            foreach (var agent in _followers.Subjects)
            {
                _hints.Writer.TryWrite(agent);
            }
        }
        else if (Guid.TryParse(hint, out var agent) && _followers.Has(agent))
        {
            _hints.Writer.TryWrite(agent);
        }
    }

    private async Task DeliverAsync(Guid agent, CancellationToken ct)
    {
        var followers = _followers.Of(agent);
        if (followers.IsEmpty)
        {
            return;
        }

        // Before the lines are read, or one that came in between would be missing at the end.
        var leaving = followers.Where(f => f.IsLeaving).ToList();
        await using var scope = _scopes.CreateAsyncScope();
        var logs = scope.ServiceProvider.GetRequiredService<IAgentLogStore>();
        var lines = await logs.ReadAsync(agent, new AgentLogRange(followers.Min(f => f.Position), null), ct);
        foreach (var follower in followers)
        {
            follower.Deliver(lines);
        }

        foreach (var follower in leaving)
        {
            follower.Leave();
        }
    }

    /// <summary>Somebody who follows a log, until disposed.</summary>
    internal sealed class Follower(AgentLogFanOut owner, JsonSocket socket, Guid agent, long after) : IDisposable
    {
        private volatile bool _isLeaving;

        /// <summary>The last line that it got. Only the one loop of the service moves it.</summary>
        public long Position { get; private set; } = after;

        /// <summary>Whether no line will come any more.</summary>
        public bool IsLeaving => _isLeaving;

        /// <summary>Says that no line will come any more: the connection ends after the last one.</summary>
        public void Finish()
        {
            _isLeaving = true;
            owner._hints.Writer.TryWrite(agent);
        }

        public void Leave() => socket.End(WebSocketCloseStatus.NormalClosure, "The log has ended.");

        public void Deliver(IReadOnlyList<StoredAgentLog> lines)
        {
            StoredAgentLog[] news = [.. lines.Where(line => line.Id > Position)];
            if (news.Length > 0)
            {
                Position = news[^1].Id;
                socket.TrySend(WorkspaceAgentLogJson.From(news));
            }
        }

        public void Dispose() => owner._followers.Remove(agent, this);
    }
}
