using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Coder.Api.Http.Sockets;

/// <summary>Who watches what on this server: what all fan-outs of notifications keep. Safe to use from any thread.</summary>
/// <typeparam name="T">What is told of a change.</typeparam>
internal sealed class Watchers<T>
    where T : class
{
    private readonly ConcurrentDictionary<Guid, ImmutableArray<T>> _watchers = [];

    public bool IsEmpty => _watchers.IsEmpty;

    /// <summary>What is watched.</summary>
    public ICollection<Guid> Subjects => _watchers.Keys;

    public bool Has(Guid subject) => _watchers.ContainsKey(subject);

    /// <summary>Those who watch a subject now; nobody, perhaps.</summary>
    public ImmutableArray<T> Of(Guid subject) => _watchers.TryGetValue(subject, out var watchers) ? watchers : [];

    public void Add(Guid subject, T watcher) => _watchers.AddOrUpdate(subject, [watcher], (_, others) => others.Add(watcher));

    public void Remove(Guid subject, T watcher)
    {
        while (_watchers.TryGetValue(subject, out var watchers))
        {
            var others = watchers.Remove(watcher);
            var isDone = others.IsEmpty
                ? _watchers.TryRemove(new KeyValuePair<Guid, ImmutableArray<T>>(subject, watchers))
                : _watchers.TryUpdate(subject, others, watchers);
            if (isDone)
            {
                return;
            }
        }
    }
}
