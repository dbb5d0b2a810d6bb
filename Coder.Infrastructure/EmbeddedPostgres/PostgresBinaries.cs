using System.Globalization;

namespace Coder.Infrastructure.EmbeddedPostgres;

/// <summary>A folder with the programs of one PostgreSQL version.</summary>
/// <param name="Directory">Holds <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c>.</param>
/// <param name="Major">Major version, 13 or more.</param>
internal sealed record PostgresBinaries(string Directory, int Major)
{
    internal const int OldestMajor = 13;

    private const string Help =
        "Run script/bootstrap, or install PostgreSQL 13 or newer, or name the folder of its programs in CODER_PG_BIN, " +
        "or set CODER_PG_CONNECTION_URL to use a PostgreSQL server of your own.";

    private static readonly string[] Programs = ["postgres", "initdb", "pg_ctl"];

    public string InitDb => ProgramIn(Directory, "initdb");

    public string PgCtl => ProgramIn(Directory, "pg_ctl");

    /// <summary>Takes the first folder that has all programs in a version of 13 or newer.</summary>
    /// <param name="search">Where to look.</param>
    /// <param name="dataMajor">The version that wrote the existing data; only the same major version can read it.</param>
    /// <param name="account">The account that must be able to run the programs.</param>
    /// <param name="ct">Stops the search.</param>
    /// <exception cref="EmbeddedPostgresException">Nothing fits; the message names every place and every reason.</exception>
    public static async Task<PostgresBinaries> FindAsync(BinarySearch search, int? dataMajor, ServiceAccount? account, CancellationToken ct)
    {
        List<string> refusals = [];
        foreach (var folder in search.Folders())
        {
            var missing = Programs.Where(program => !File.Exists(ProgramIn(folder, program))).ToList();
            if (missing.Count > 0)
            {
                // Most folders of PATH have none of them, which is not worth a word.
                if (missing.Count < Programs.Length || search.Configured is not null)
                {
                    refusals.Add($"{folder}: {string.Join(", ", missing)} missing");
                }

                continue;
            }

            var (major, refusal) = await ReadMajorAsync(folder, account, ct);
            refusal ??= major < OldestMajor
                ? $"PostgreSQL {major} is too old"
                : dataMajor is not null && major != dataMajor ? $"PostgreSQL {major} can not read data of {dataMajor}" : null;
            if (refusal is null)
            {
                return new PostgresBinaries(folder, major);
            }

            refusals.Add($"{folder}: {refusal}");
        }

        var reasons = refusals.Count == 0 ? "" : $" Not usable: {string.Join("; ", refusals)}.";
        var wanted = dataMajor is null
            ? $"No usable PostgreSQL ({OldestMajor} or newer, with {string.Join(", ", Programs)}) was found."
            : $"The data was written by PostgreSQL {dataMajor}, and that version was not found; " +
                "install it, or move the data with pg_upgrade.";
        throw new EmbeddedPostgresException($"{wanted} Looked in: {search.Describe()}.{reasons} {Help}");
    }

    private static async Task<(int Major, string? Refusal)> ReadMajorAsync(string folder, ServiceAccount? account, CancellationToken ct)
    {
        try
        {
            var (exitCode, output) = await ToolProcess.RunAsync(ProgramIn(folder, "postgres"), ["--version"], account, ct);
            return exitCode == 0 && ParseMajor(output) is { } major ? (major, null) : (0, $"postgres --version says: {output}");
        }
        catch (EmbeddedPostgresException e)
        {
            return (0, e.Message);
        }
    }

    /// <summary>Reads <c>postgres (PostgreSQL) 15.4 (Debian …)</c>, also of unreleased versions such as <c>18beta1</c>.</summary>
    internal static int? ParseMajor(string output)
    {
        const string Marker = "(PostgreSQL) ";
        var start = output.IndexOf(Marker, StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        var digits = string.Concat(output[(start + Marker.Length)..].TakeWhile(char.IsAsciiDigit));
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : null;
    }

    private static string ProgramIn(string folder, string name) =>
        Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name);
}
