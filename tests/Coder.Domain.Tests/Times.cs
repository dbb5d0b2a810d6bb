using System.Globalization;
using Coder.Domain.Workspaces;

namespace Coder.Domain.Tests;

/// <summary>Short ways to write times and schedules in tables.</summary>
internal static class Times
{
    private static readonly string[] Formats = ["yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"];

    public static DateTimeOffset Utc(string text) =>
        DateTimeOffset.ParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    public static DateTimeOffset? UtcOrNull(string? text) => text is null ? null : Utc(text);

    public static Schedule Weekly(string text) =>
        Schedule.TryParse(text, out var schedule, out var problem) ? schedule : throw new InvalidOperationException(problem);

    public static Schedule Daily(string text) =>
        Schedule.TryParseDaily(text, out var schedule, out var problem) ? schedule : throw new InvalidOperationException(problem);
}
