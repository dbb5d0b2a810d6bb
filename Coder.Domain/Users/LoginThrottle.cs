using System.Collections.Immutable;

namespace Coder.Domain.Users;

/// <summary>
/// What the failed passwords of one account mean for the next attempt (docs/spec/platform.md, section 5.6): ten within five minutes are
/// free, each one after that doubles the wait.
/// </summary>
/// <remarks>Attempts under way count like failures until they are judged, or a burst of them would all be free.</remarks>
public sealed record LoginThrottle
{
    /// <summary>So many failures within <see cref="Window"/> make the account wait.</summary>
    public const int MostFailures = 10;

    /// <summary>How long a failure counts, and how long after the last wait a new failure still doubles it.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <summary>The first wait.</summary>
    public static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(2);

    /// <summary>The last wait: it is not doubled any more.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    private LoginThrottle()
    {
    }

    /// <summary>An account that nobody has tried.</summary>
    public static LoginThrottle None { get; } = new();

    private ImmutableArray<DateTimeOffset> Failures { get; init; } = [];

    private int Pending { get; init; }

    private TimeSpan Wait { get; init; }

    private DateTimeOffset BlockedUntil { get; init; }

    /// <summary>Whether an attempt may be made now.</summary>
    /// <returns>How long to wait instead, or <see langword="null"/> to go on with <see cref="Begin"/>.</returns>
    public TimeSpan? Refuses(DateTimeOffset now)
    {
        if (now < BlockedUntil)
        {
            return BlockedUntil - now;
        }

        var free = IsEscalated(now) ? 1 : MostFailures - Recent(now).Length;
        return Pending < free ? null : FirstWait;
    }

    /// <summary>An attempt begins.</summary>
    public LoginThrottle Begin() => this with { Pending = Pending + 1 };

    /// <summary>An attempt ended without a verdict.</summary>
    public LoginThrottle Abandon() => this with { Pending = Math.Max(0, Pending - 1) };

    /// <summary>An attempt had the wrong password. (The right one makes the account <see cref="None"/> again.)</summary>
    public LoginThrottle Fail(DateTimeOffset now)
    {
        var failures = Recent(now).Add(now);
        if (failures.Length > MostFailures)
        {
            failures = failures.RemoveAt(0);
        }

        var next = Abandon() with { Failures = failures };
        if (!IsEscalated(now) && failures.Length < MostFailures)
        {
            return next with { Wait = TimeSpan.Zero };
        }

        var wait = IsEscalated(now) ? Wait * 2 : FirstWait;
        wait = wait < LongestWait ? wait : LongestWait;
        return next with { Wait = wait, BlockedUntil = now + wait };
    }

    /// <summary>Whether this is the same as <see cref="None"/> by now, so that it need not be kept.</summary>
    public bool IsOver(DateTimeOffset now) => Pending == 0 && !IsEscalated(now) && Recent(now).IsEmpty;

    private bool IsEscalated(DateTimeOffset now) => Wait > TimeSpan.Zero && now < BlockedUntil + Window;

    private ImmutableArray<DateTimeOffset> Recent(DateTimeOffset now) => Failures.RemoveAll(at => at <= now - Window);
}
