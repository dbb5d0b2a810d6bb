using System.Globalization;
using Coder.Application.Templates;

namespace Coder.Api.Templates;

/// <summary>People on days.</summary>
/// <param name="Entries">From the oldest day to today.</param>
/// <param name="TzHourOffset">By how many hours days begin later than in UTC.</param>
public sealed record DausResponseJson(IReadOnlyList<DauEntryJson> Entries, int TzHourOffset)
{
    internal static DausResponseJson From(DailyUsers found) => new(
        [.. found.Days.Select(one => new DauEntryJson(one.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), one.Users))], found.Offset);
}

/// <summary>The people of a day.</summary>
/// <param name="Date">The day, as year, month and day.</param>
/// <param name="Amount">How many there were.</param>
public sealed record DauEntryJson(string Date, int Amount);
