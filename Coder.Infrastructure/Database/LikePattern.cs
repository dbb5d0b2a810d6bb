namespace Coder.Infrastructure.Database;

/// <summary>Patterns for <c>like</c> in which nothing that somebody typed has a meaning of its own.</summary>
internal static class LikePattern
{
    /// <summary>Matches every text that has <paramref name="part"/> somewhere in it.</summary>
    public static string Containing(string part) => $"%{Escape(part)}%";

    private static string Escape(string part) => part
        .Replace(@"\", @"\\", StringComparison.Ordinal)
        .Replace("%", @"\%", StringComparison.Ordinal)
        .Replace("_", @"\_", StringComparison.Ordinal);
}
