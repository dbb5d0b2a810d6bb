using System.Collections.Concurrent;
using Coder.Application.Common;
using Coder.Application.Licensing;
using Coder.Domain.Common;
using Coder.Domain.ConnectionLogs;
using Coder.Domain.Licensing;
using Microsoft.Extensions.Logging;

namespace Coder.Application.ConnectionLogs;

/// <summary>Logs the openings of applications and ports, each session once (docs/spec/connection-logs.md, section 4.4).</summary>
public sealed class WebConnectionRecorder(
    IConnectionLogger connections,
    IWebSessionStore sessions,
    WebSessionCache cache,
    IEntitlementSource entitlements,
    IFailureClassifier failures,
    IIds ids,
    TimeProvider time,
    ILogger<WebConnectionRecorder> logger)
{
    private static readonly Result<int> Nothing = 0;

    /// <summary>Records openings, after their outcome is known.</summary>
    /// <returns>How many were logged; those of sessions that are known already are not, and neither is any while the license does not say so.</returns>
    public async Task<Result<int>> RecordAsync(IReadOnlyList<WebOpening> openings, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(openings);

        // Without a license no session may begin either, or its event would be missing once there is one.
        if (!entitlements.Current.IsEnabled(FeatureName.ConnectionLog))
        {
            return Nothing;
        }

        var now = time.GetUtcNow().ToMicroseconds();
        var asked = new Dictionary<WebSessionKey, (Guid Id, WebOpening Opening, bool IsAlive)>();
        foreach (var opening in openings)
        {
            var key = opening.Key;
            var seen = cache.See(key, now);
            if (seen != WebSessionSeen.Lately)
            {
                asked.TryAdd(key, (ids.Random(), opening, seen == WebSessionSeen.Before));
            }
        }

        if (asked.Count == 0)
        {
            return Nothing;
        }

        IReadOnlySet<Guid> begun;
        try
        {
            begun = await sessions.TouchAsync([.. asked.Select(a => (a.Value.Id, a.Key))], now, now - WebSessionCache.Timeout, ct);
        }
        catch (Exception e) when (failures.Classify(e) is not null)
        {
            // Rather nothing than one event for every request.
            ConnectionLogsLog.SessionsUnknown(logger, e.Message);
            return Nothing;
        }

        foreach (var key in asked.Keys)
        {
            cache.Remember(key, now);
        }

        var fresh = asked.Where(a => !a.Value.IsAlive && begun.Contains(a.Value.Id)).ToArray();
        return await LogAsync(fresh, now, ct);
    }

    private async Task<Result<int>> LogAsync(
        KeyValuePair<WebSessionKey, (Guid Id, WebOpening Opening, bool IsAlive)>[] fresh, DateTimeOffset now, CancellationToken ct)
    {
        var isLogged = false;
        try
        {
            var outcome = await connections.UpsertAsync([.. fresh.Select(f => f.Value.Opening.ToEvent(ids.Sequential(), now))], ct);
            isLogged = outcome.Error is null;
            return outcome.Error is { } error ? error : fresh.Length;
        }
        finally
        {
            if (!isLogged)
            {
                // Also when the caller has gone.
                await ForgetAsync(fresh, CancellationToken.None);
            }
        }
    }

    // Whoever tries again must not be taken for a session that is logged already.
    private async Task ForgetAsync(
        KeyValuePair<WebSessionKey, (Guid Id, WebOpening Opening, bool IsAlive)>[] fresh, CancellationToken ct)
    {
        foreach (var (key, _) in fresh)
        {
            cache.Forget(key);
        }

        try
        {
            await sessions.ForgetAsync([.. fresh.Select(f => f.Value.Id)], ct);
        }
        catch (Exception e) when (failures.Classify(e) is not null)
        {
            ConnectionLogsLog.SessionsUnknown(logger, e.Message);
        }
    }
}

/// <summary>What a process knows about an opening.</summary>
public enum WebSessionSeen
{
    /// <summary>Nothing: the database must be asked.</summary>
    Never,

    /// <summary>It belongs to a session, and the database should be told that this goes on.</summary>
    Before,

    /// <summary>It belongs to a session, and the database was told so within five minutes.</summary>
    Lately,
}

/// <summary>The sessions that this process saw, so that most openings need no database (docs/spec/connection-logs.md, section 12.5).</summary>
public sealed class WebSessionCache
{
    /// <summary>A session that was not seen for so long is over.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromHours(1);

    private const int Capacity = 50_000;
    private static readonly TimeSpan Refresh = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<WebSessionKey, Entry> _entries = new();

    /// <summary>Notes an opening.</summary>
    internal WebSessionSeen See(WebSessionKey key, DateTimeOffset now)
    {
        if (!_entries.TryGetValue(key, out var entry) || !entry.Continue(now))
        {
            return WebSessionSeen.Never;
        }

        return now - entry.Written < Refresh ? WebSessionSeen.Lately : WebSessionSeen.Before;
    }

    /// <summary>The database knows now that the session was seen.</summary>
    internal void Remember(WebSessionKey key, DateTimeOffset now)
    {
        if (_entries.Count >= Capacity)
        {
            MakeRoom(now);
        }

        _entries[key] = new Entry(now);
    }

    /// <summary>The session does not count.</summary>
    internal void Forget(WebSessionKey key) => _entries.TryRemove(key, out _);

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
