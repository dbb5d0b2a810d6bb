using System.Threading.Channels;
using Coder.Api.Http.Sockets;
using Coder.Application.Common;

namespace Coder.Api.Workspaces;

/// <summary>
/// Tells whoever watches a workspace here that it changed. All share the one LISTEN connection of the server; a hint about a workspace
/// that nobody watches costs a look-up.
/// </summary>
internal sealed class WorkspaceFanOut : IDisposable
{
    private readonly Watchers<Watcher> _watchers = new();
    private readonly IDisposable _subscription;

    public WorkspaceFanOut(INotificationSource notifications) =>
        _subscription = notifications.Subscribe(NotificationChannels.Workspaces, Hear);

    /// <summary>Starts to watch a workspace.</summary>
    public Watcher Watch(Guid workspace)
    {
        var watcher = new Watcher(this, workspace);
        _watchers.Add(workspace, watcher);
        return watcher;
    }

    public void Dispose() => _subscription.Dispose();

    private void Hear(string? hint)
    {
        // Without a hint some may have been lost: everything may have changed.
        IEnumerable<Guid> changed = hint is null ? _watchers.Subjects : Guid.TryParse(hint, out var workspace) ? [workspace] : [];
        foreach (var watcher in changed.SelectMany(subject => _watchers.Of(subject)))
        {
            watcher.Tell();
        }
    }

    /// <summary>Somebody who watches a workspace, until disposed.</summary>
    internal sealed class Watcher(WorkspaceFanOut owner, Guid workspace) : IDisposable
    {
        // One change that waits stands for any number of them: who reads then sees them all.
        private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

        /// <summary>Waits for the next change, one that came since the last waiting included.</summary>
        public async Task WaitAsync(CancellationToken ct) => await _changes.Reader.ReadAsync(ct);

        public void Dispose() => owner._watchers.Remove(workspace, this);

        internal void Tell() => _changes.Writer.TryWrite(true);
    }
}
