using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using Coder.Application.Common;

namespace Coder.Api.Workspaces;

/// <summary>
/// Tells whoever watches a workspace here that it changed. All share the one LISTEN connection of the server; a hint about a workspace
/// that nobody watches costs a look-up.
/// </summary>
internal sealed class WorkspaceFanOut : IDisposable
{
    private readonly ConcurrentDictionary<Guid, ImmutableArray<Watcher>> _watchers = [];
    private readonly IDisposable _subscription;

    public WorkspaceFanOut(INotificationSource notifications) =>
        _subscription = notifications.Subscribe(NotificationChannels.Workspaces, Hear);

    /// <summary>Starts to watch a workspace.</summary>
    public Watcher Watch(Guid workspace)
    {
        var watcher = new Watcher(this, workspace);
        _watchers.AddOrUpdate(workspace, [watcher], (_, others) => others.Add(watcher));
        return watcher;
    }

    public void Dispose() => _subscription.Dispose();

    private void Hear(string? hint)
    {
        // Without a hint some may have been lost: everything may have changed.
        var told = hint is null ? _watchers.Values.SelectMany(watchers => watchers)
            : Guid.TryParse(hint, out var workspace) && _watchers.TryGetValue(workspace, out var watchers) ? watchers
            : [];
        foreach (var watcher in told)
        {
            watcher.Tell();
        }
    }

    private void Remove(Watcher watcher)
    {
        var workspace = watcher.Workspace;
        while (_watchers.TryGetValue(workspace, out var watchers))
        {
            var others = watchers.Remove(watcher);
            var isDone = others.IsEmpty
                ? _watchers.TryRemove(new KeyValuePair<Guid, ImmutableArray<Watcher>>(workspace, watchers))
                : _watchers.TryUpdate(workspace, others, watchers);
            if (isDone)
            {
                return;
            }
        }
    }

    /// <summary>Somebody who watches a workspace, until disposed.</summary>
    internal sealed class Watcher(WorkspaceFanOut owner, Guid workspace) : IDisposable
    {
        // One change that waits stands for any number of them: who reads then sees them all.
        private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

        /// <summary>What is watched.</summary>
        public Guid Workspace => workspace;

        /// <summary>Waits for the next change, one that came since the last waiting included.</summary>
        public async Task WaitAsync(CancellationToken ct) => await _changes.Reader.ReadAsync(ct);

        public void Dispose() => owner.Remove(this);

        internal void Tell() => _changes.Writer.TryWrite(true);
    }
}
