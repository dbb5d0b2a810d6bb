namespace Coder.Domain.Users;

/// <summary>By how much the number of users with a status changed within one day of <see cref="StatusHistory"/>.</summary>
/// <param name="Status">The status.</param>
/// <param name="Day">The index of the day; what happened before the first one counts for it.</param>
/// <param name="Change">Negative when more lost the status than got it.</param>
public sealed record StatusChange(UserStatus Status, int Day, long Change);

/// <summary>How many users had a status.</summary>
/// <param name="Date">The day, as its first moment, in UTC.</param>
/// <param name="Count">At the end of the day; for today, now.</param>
public sealed record StatusCount(DateTimeOffset Date, long Count);

/// <summary>Counts users by status over the last days, from what changed.</summary>
public static class StatusHistory
{
    /// <summary>How many days a report covers, today included.</summary>
    public const int ReportedDays = 61;

    /// <summary>The first moments of the reported days, oldest first.</summary>
    /// <param name="now">UTC.</param>
    /// <param name="offset">How far the reader's midnight is from that of UTC; positive in the east.</param>
    public static IReadOnlyList<DateTimeOffset> Days(DateTimeOffset now, TimeSpan offset)
    {
        var today = new DateTimeOffset(now.ToOffset(offset).Date, offset).ToUniversalTime();
        return [.. Enumerable.Range(1 - ReportedDays, ReportedDays).Select(day => today.AddDays(day))];
    }

    /// <summary>Sums changes up to counts.</summary>
    /// <returns>For every status a count for every day.</returns>
    public static IReadOnlyDictionary<UserStatus, IReadOnlyList<StatusCount>> Sum(
        IReadOnlyList<DateTimeOffset> days, IReadOnlyCollection<StatusChange> changes)
    {
        ArgumentNullException.ThrowIfNull(days);
        ArgumentNullException.ThrowIfNull(changes);
        return Enum.GetValues<UserStatus>().ToDictionary(status => status, status => (IReadOnlyList<StatusCount>)Sum(days, changes, status));
    }

    private static StatusCount[] Sum(
        IReadOnlyList<DateTimeOffset> days, IReadOnlyCollection<StatusChange> changes, UserStatus status)
    {
        var byDay = changes.Where(c => c.Status == status).ToLookup(c => c.Day, c => c.Change);
        var counts = new StatusCount[days.Count];
        var count = 0L;
        for (var day = 0; day < days.Count; day++)
        {
            count += byDay[day].Sum();
            counts[day] = new StatusCount(days[day], count);
        }

        return counts;
    }
}
