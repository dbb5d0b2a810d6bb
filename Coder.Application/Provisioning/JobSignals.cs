using Coder.Application.Common;

namespace Coder.Application.Provisioning;

/// <summary>
/// Wakes those who wait for something about jobs. All waiting shares the one LISTEN connection of the server; what is lost there wakes
/// everybody, for a signal is a hint to look again and no more.
/// </summary>
public sealed class JobSignals : IDisposable
{
    private readonly Topic _arrivals = new();
    private readonly Topic _changes = new();
    private readonly IDisposable _posted;
    private readonly IDisposable _changed;

    /// <summary>Begins to hear.</summary>
    public JobSignals(INotificationSource notifications)
    {
        ArgumentNullException.ThrowIfNull(notifications);
        _posted = notifications.Subscribe(NotificationChannels.ProvisionerJobPosted, _arrivals.Hear);
        _changed = notifications.Subscribe(NotificationChannels.ProvisionerJobChanged, _changes.Hear);
    }

    /// <summary>Whether the server is stopping, and nobody should wait any more.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Listens for jobs that enter the queue of an organization.</summary>
    public JobListener ListenForArrivals(Guid organization) => new(_arrivals.Join(organization));

    /// <summary>Listens for changes of a job, and for new lines of its log.</summary>
    public JobListener ListenForChanges(Guid job) => new(_changes.Join(job));

    /// <summary>Wakes everybody for the last time.</summary>
    public void Close()
    {
        IsClosed = true;
        _arrivals.Hear(null);
        _changes.Hear(null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _posted.Dispose();
        _changed.Dispose();
    }

    internal sealed class Topic
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<Guid, Seat> _seats = [];

        public void Hear(string? payload)
        {
            lock (_lock)
            {
                if (payload is null)
                {
                    foreach (var seat in _seats.Values)
                    {
                        seat.Ring();
                    }
                }
                else if (Guid.TryParseExact(payload, "D", out var key) && _seats.TryGetValue(key, out var waited))
                {
                    waited.Ring();
                }
            }
        }

        public Seat Join(Guid key)
        {
            lock (_lock)
            {
                if (!_seats.TryGetValue(key, out var seat))
                {
                    _seats.Add(key, seat = new Seat(this, key));
                }

                seat.Users++;
                return seat;
            }
        }

        public void Leave(Seat seat)
        {
            lock (_lock)
            {
                if (--seat.Users == 0)
                {
                    _seats.Remove(seat.Key);
                }
            }
        }
    }

    internal sealed class Seat(Topic topic, Guid key)
    {
        private TaskCompletionSource _bell = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Guid Key => key;

        public int Users { get; set; }

        public Task Next => Volatile.Read(ref _bell).Task;

        public void Ring() =>
            Interlocked.Exchange(ref _bell, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

        public void Leave() => topic.Leave(this);
    }
}

/// <summary>Somebody who waits. Ask for <see cref="Next"/> before looking, or what happens in between is missed.</summary>
public sealed class JobListener : IDisposable
{
    private readonly JobSignals.Seat _seat;

    internal JobListener(JobSignals.Seat seat) => _seat = seat;

    /// <summary>Ends with the next signal.</summary>
    public Task Next => _seat.Next;

    /// <summary>Waits for a signal, but not longer than given.</summary>
    public static async Task WaitAsync(Task next, TimeSpan atMost, TimeProvider time, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAny(next, Task.Delay(atMost, time, either.Token));
        await either.CancelAsync();
        ct.ThrowIfCancellationRequested();
    }

    /// <inheritdoc/>
    public void Dispose() => _seat.Leave();
}
