using System.Globalization;

namespace Coder.Infrastructure.EmbeddedPostgres;

/// <summary>Where PostgreSQL's programs are looked for, in this order.</summary>
/// <param name="Configured">The folder named in <c>CODER_PG_BIN</c>; if set, the only one.</param>
/// <param name="SearchPath">The folders of <c>PATH</c>.</param>
/// <param name="Patterns">Folders where installers put them; <c>*</c> stands for a version and the highest comes first.</param>
internal sealed record BinarySearch(string? Configured, IReadOnlyList<string> SearchPath, IReadOnlyList<string> Patterns)
{
    /// <summary>The places of this operating system.</summary>
    public static BinarySearch OfThisSystem(string? configured) => new(
        string.IsNullOrWhiteSpace(configured) ? null : configured,
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
        DefaultPatterns());

    /// <summary>The folders that exist, best first.</summary>
    public IEnumerable<string> Folders() =>
        (Configured is not null ? [Configured] : SearchPath.Concat(Patterns.SelectMany(Expand)))
        .Where(Directory.Exists)
        .Distinct(StringComparer.Ordinal);

    /// <summary>All places in words, for the message that nothing was found.</summary>
    public string Describe() => Configured is not null
        ? $"{Configured} (CODER_PG_BIN)"
        : string.Join(", ", Patterns.Prepend("PATH").Prepend("CODER_PG_BIN (not set)"));

    private static IReadOnlyList<string> DefaultPatterns()
    {
        if (OperatingSystem.IsWindows())
        {
            var programs = Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles);
            return [Path.Combine(programs, "PostgreSQL", "*", "bin")];
        }

        return OperatingSystem.IsMacOS()
            ?
            [
                "/opt/homebrew/opt/postgresql@*/bin",
                "/usr/local/opt/postgresql@*/bin",
                "/Applications/Postgres.app/Contents/Versions/*/bin",
            ]
            : ["/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin"];
    }

    private static IEnumerable<string> Expand(string pattern)
    {
        var bin = Path.GetFileName(pattern);
        var versions = Path.GetDirectoryName(pattern)!;
        var parent = Path.GetDirectoryName(versions)!;
        return Directory.Exists(parent)
            ? Directory.EnumerateDirectories(parent, Path.GetFileName(versions))
                .OrderByDescending(VersionOf)
                .Select(folder => Path.Combine(folder, bin))
            : [];
    }

    private static decimal VersionOf(string folder)
    {
        var digits = Path.GetFileName(folder).SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(c => char.IsAsciiDigit(c) || c == '.');
        var text = string.Concat(digits);
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var version) ? version : 0;
    }
}
