using System.CommandLine;

namespace Coder.Cli.Common;

/// <summary>One column of a table.</summary>
/// <param name="Name">In small letters; the header has it in capitals.</param>
/// <param name="Cell">What a row shows there.</param>
internal sealed record Column<T>(string Name, Func<T, string> Cell);

/// <summary>The option <c>--column</c> of a list: which columns its table has, in their order.</summary>
internal sealed class ColumnOption<T>
{
    private readonly Column<T>[] _known;

    /// <param name="preset">The names of the columns that are shown without the option, separated by commas.</param>
    /// <param name="known">All columns.</param>
    internal ColumnOption(string preset, params Column<T>[] known)
    {
        _known = known;
        Option = new Option<string>("--column", "-c")
        {
            Description = $"Columns of the table, separated by commas: {string.Join(", ", known.Select(column => column.Name))}.",
            DefaultValueFactory = _ => preset,
            HelpName = "columns",
        };
    }

    internal Option<string> Option { get; }

    /// <summary>The columns that the user wants, at least one.</summary>
    internal CliResult<Column<T>[]> Read(ParseResult parsed)
    {
        var names = parsed.GetRequiredValue(Option).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var columns = Array.ConvertAll(
            names,
            name => Array.Find(_known, column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase)));
        return columns.Length == 0 || Array.Exists(columns, column => column is null)
            ? new CliError(
                $"--column names a column that the table does not have: {string.Join(",", names)}",
                Hint: $"Columns: {string.Join(", ", _known.Select(column => column.Name))}.")
            : Array.ConvertAll(columns, column => column!);
    }

    /// <summary>Writes the table.</summary>
    internal static void Write(TextWriter writer, Column<T>[] columns, IEnumerable<T> rows) => Table.Write(
        writer,
        Array.ConvertAll(columns, column => column.Name),
        [.. rows.Select(row => Array.ConvertAll(columns, column => column.Cell(row)))]);
}
