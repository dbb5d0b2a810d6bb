using System.Collections.Concurrent;
using Coder.Domain.Common;
using Coder.Domain.ConnectionLogs;

namespace Coder.Application.ConnectionLogs;

/// <summary>The sessions that this process saw, so that most openings need no database (docs/spec/connection-logs.md, section 12.5).</summary>
public sealed class WebSessionCache
{
    /// <summary>A session that was not seen for so long is over.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromHours(1);

    private const int Capacity = 50_000;
    private static readonly TimeSpan Refresh = TimeSpan.FromMinutes(5);

    // Only sessions whose rows are committed.
    private readonly ConcurrentDictionary<WebSessionKey, Entry> _entries = new();
    private readonly ConcurrentDictionary<WebSessionKey, Task<Error?>> _underWay = new();

    /// <summary>Takes the openings that must be looked at, and that nobody else in this process looks at.</summary>
    internal WebSessionClaim Claim(IReadOnlyList<WebOpening> openings, DateTimeOffset now)
    {
        // Before anything is taken, so that a bug in it leaves nothing behind that others would wait for.
        (WebSessionKey Key, WebOpening Opening)[] keyed = [.. openings.Select(opening => (opening.Key, opening))];
        var claim = new WebSessionClaim(this, now);
        foreach (var (key, opening) in keyed)
        {
            if (claim.Has(key) || See(key, now) is not { } isKnown)
            {
                continue;
            }

            var outcome = _underWay.GetOrAdd(key, claim.Outcome);
            if (outcome == claim.Outcome)
            {
                claim.Add(new ClaimedOpening(key, opening, isKnown));
            }
            else
            {
                claim.WaitFor(outcome);
            }
        }

        return claim;
    }

    /// <summary>The database knows now that the sessions were seen, and they have their rows.</summary>
    internal void Remember(IEnumerable<ClaimedOpening> openings, DateTimeOffset now)
    {
        foreach (var opening in openings)
        {
            if (_entries.Count >= Capacity)
            {
                MakeRoom(now);
            }

            _entries[opening.Key] = new Entry(now);
        }
    }

    internal void Release(IEnumerable<ClaimedOpening> openings)
    {
        foreach (var opening in openings)
        {
            _underWay.TryRemove(opening.Key, out _);
        }
    }

    // Nothing when the database was told lately; or else whether the session goes on and has its row, as far as this process knows.
    private bool? See(WebSessionKey key, DateTimeOffset now) =>
        !_entries.TryGetValue(key, out var entry) || !entry.Continue(now) ? false
        : now - entry.Written < Refresh ? null
        : true;

    private void MakeRoom(DateTimeOffset now)
    {
        foreach (var (key, entry) in _entries)
        {
            if (now - entry.Written >= Refresh)
            {
                _entries.TryRemove(key, out _);
            }
        }

        if (_entries.Count >= Capacity)
        {
            _entries.Clear();
        }
    }

    private sealed class Entry(DateTimeOffset now)
    {
        private long _seen = now.UtcTicks;

        public DateTimeOffset Written { get; } = now;

        public bool Continue(DateTimeOffset now)
        {
            if (now.UtcTicks - Interlocked.Read(ref _seen) >= Timeout.Ticks)
            {
                return false;
            }

            Interlocked.Exchange(ref _seen, now.UtcTicks);
            return true;
        }
    }
}

/// <summary>An opening that one request looks at for all.</summary>
/// <param name="Key">The session.</param>
/// <param name="Opening">The opening.</param>
/// <param name="IsLogged">Whether this process knows that the session goes on and has its row.</param>
internal sealed record ClaimedOpening(WebSessionKey Key, WebOpening Opening, bool IsLogged);

/// <summary>What a request has to look at, and what others look at whose outcome is also its own.</summary>
internal sealed class WebSessionClaim(WebSessionCache cache, DateTimeOffset now) : IDisposable
{
    /// <summary>The answer when nobody can say whether the rows are there; the next try will find out.</summary>
    public static readonly Error Again = new(ErrorKind.Unavailable, "The service is temporarily unavailable.")
    {
        RetryAfter = TimeSpan.FromSeconds(5),
    };

    private readonly Dictionary<WebSessionKey, ClaimedOpening> _mine = [];
    private readonly HashSet<Task<Error?>> _others = [];
    private readonly TaskCompletionSource<Error?> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What this request has to do, each session once.</summary>
    public IReadOnlyCollection<ClaimedOpening> Mine => _mine.Values;

    /// <summary>What others wait for.</summary>
    public Task<Error?> Outcome => _outcome.Task;

    public bool Has(WebSessionKey key) => _mine.ContainsKey(key);

    public void Add(ClaimedOpening opening) => _mine.Add(opening.Key, opening);

    public void WaitFor(Task<Error?> other) => _others.Add(other);

    /// <summary>Tells those who wait.</summary>
    public void End(Error? error)
    {
        if (error is null)
        {
            cache.Remember(_mine.Values, now);
        }

        cache.Release(_mine.Values);
        _outcome.TrySetResult(error);
    }

    /// <summary>Waits for the others. Nobody waits before his own work is done, so that no two can wait for each other.</summary>
    public async Task<Error?> OthersAsync(CancellationToken ct) =>
        _others.Count == 0 ? null : Array.Find(await Task.WhenAll(_others).WaitAsync(ct), error => error is not null);

    /// <summary>Also when a bug has ended the work.</summary>
    public void Dispose()
    {
        if (!_outcome.Task.IsCompleted)
        {
            End(Again);
        }
    }
}
