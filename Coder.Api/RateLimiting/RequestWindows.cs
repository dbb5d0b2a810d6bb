using System.Collections.Concurrent;

namespace Coder.Api.RateLimiting;

/// <summary>What became of one request.</summary>
/// <param name="IsAllowed">Whether it is within the limit.</param>
/// <param name="Remaining">How many more are allowed now.</param>
/// <param name="ResetAt">The end of this minute, in Unix seconds.</param>
/// <param name="RetryAfter">When one more will be allowed; zero when this one is.</param>
internal readonly record struct RateLimitVerdict(bool IsAllowed, int Remaining, long ResetAt, TimeSpan RetryAfter);

/// <summary>
/// Counts requests in a sliding window of one minute: those of this minute, and of the minute before the part that still lies within
/// the window, taken as evenly spread.
/// </summary>
/// <remarks>
/// The limiters of the framework know no injected clock, do not say when they reset, and each have a timer. Here idle windows vanish with
/// their minute, in one step. At most <c>capacity</c> callers are told apart in a minute; the others share windows, so that an attacker
/// with many addresses gains neither memory nor requests. Refused requests do not count.
/// </remarks>
internal sealed class RequestWindows(int capacity)
{
    public const int Capacity = 65_536;

    private const int SharedGroups = 256;
    private const long Minute = 60_000;

    private readonly Lock _turn = new();
    private volatile Page _page = new(0, []);

    public RequestWindows()
        : this(Capacity)
    {
    }

    /// <summary>How many windows of this minute are kept.</summary>
    internal int Count => _page.Size;

    /// <summary>Counts a request, or refuses it.</summary>
    /// <param name="key">Whose it is.</param>
    /// <param name="limit">Requests a minute; at least 1.</param>
    /// <param name="now">UTC.</param>
    public RateLimitVerdict Take(RateLimitKey key, int limit, DateTimeOffset now)
    {
        var milliseconds = now.ToUnixTimeMilliseconds();
        var page = PageOf(milliseconds / Minute);
        var window = WindowOf(page, key);
        var left = Math.Clamp(((page.Number + 1) * Minute) - milliseconds, 0, Minute);
        var used = Interlocked.Increment(ref window.Count) + (int)(window.Before * left / Minute);
        var resetAt = (page.Number + 1) * (Minute / 1000);
        if (used <= limit)
        {
            return new RateLimitVerdict(true, limit - used, resetAt, TimeSpan.Zero);
        }

        var count = Interlocked.Decrement(ref window.Count);
        return new RateLimitVerdict(false, 0, resetAt, TimeSpan.FromMilliseconds(Wait(window.Before, count, limit, left)));
    }

    // Either enough of the minute before has left the window by then, or all of it and a part of this minute.
    private static long Wait(long before, long count, long limit, long left) => count < limit
        ? left - (((limit - count) * Minute) - 1) / before
        : left + Minute - ((limit * Minute) - 1) / count;

    private Page PageOf(long number)
    {
        var page = _page;
        return page.Number >= number ? page : Turn(number);
    }

    private Page Turn(long number)
    {
        lock (_turn)
        {
            if (_page.Number < number)
            {
                _page = new Page(number, _page.Number == number - 1 ? _page.Windows : []);
            }

            return _page;
        }
    }

    private Window WindowOf(Page page, RateLimitKey key)
    {
        if (page.Windows.TryGetValue(key, out var known))
        {
            return known;
        }

        if (Volatile.Read(ref page.Size) >= capacity)
        {
            key = key.Shared(SharedGroups);
        }

        var fresh = new Window(page.Before.TryGetValue(key, out var before) ? Volatile.Read(ref before.Count) : 0);
        var kept = page.Windows.GetOrAdd(key, fresh);
        if (ReferenceEquals(kept, fresh))
        {
            Interlocked.Increment(ref page.Size);
        }

        return kept;
    }

    private sealed class Page(long number, ConcurrentDictionary<RateLimitKey, Window> before)
    {
        public int Size;

        public long Number { get; } = number;

        public ConcurrentDictionary<RateLimitKey, Window> Before { get; } = before;

        public ConcurrentDictionary<RateLimitKey, Window> Windows { get; } = [];
    }

    private sealed class Window(long before)
    {
        public int Count;

        public long Before { get; } = before;
    }
}
