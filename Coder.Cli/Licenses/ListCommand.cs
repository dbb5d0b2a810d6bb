using System.CommandLine;
using Coder.Cli.Common;

namespace Coder.Cli.Licenses;

/// <summary><c>coder licenses list</c>.</summary>
internal sealed class ListCommand
{
    private static readonly IReadOnlyList<(string Name, Func<LicenseView, string> Cell)> Known =
    [
        ("id", license => license.Id),
        ("uuid", license => license.Uuid),
        ("expires at", license => license.ExpiresAt),
        ("uploaded at", license => license.UploadedAt),
        ("features", license => license.Features),
        ("trial", license => license.IsTrial ? "true" : "false"),
    ];

    private readonly CliContext _context;
    private readonly Option<string> _output = OutputOption.Create("table");

    private readonly Option<string> _columns = new("--column", "-c")
    {
        Description = $"Columns of the table, separated by commas: {string.Join(", ", Known.Select(column => column.Name))}.",
        DefaultValueFactory = _ => "id,uuid,expires at,uploaded at,features",
        HelpName = "columns",
    };

    private ListCommand(CliContext context) => _context = context;

    internal static Command Create(CliContext context)
    {
        var list = new ListCommand(context);
        var command = new Command("list", "List the licenses of the deployment, expired ones included. Only owners see any.")
        {
            list._output,
            list._columns,
        };
        command.Aliases.Add("ls");
        context.Handle(command, list.RunAsync);
        return command;
    }

    private async Task<CliError?> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var names = parsed.GetRequiredValue(_columns).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var columns = Array.ConvertAll(
            names,
            name => Known.FirstOrDefault(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase)));
        if (columns.Length == 0 || Array.Exists(columns, column => column.Cell is null))
        {
            return new CliError(
                $"--column names a column that the table does not have: {string.Join(",", names)}",
                Hint: $"Columns: {string.Join(", ", Known.Select(column => column.Name))}.");
        }

        if (!_context.Connect(parsed).Is(out var client, out var error))
        {
            return error;
        }

        using (client)
        {
            if (!(await client.ListLicensesAsync(cancellationToken)).Is(out var answer, out error))
            {
                return error;
            }

            var licenses = Array.ConvertAll(answer, license => new LicenseView(license));
            var output = _context.Terminal.Out;
            if (parsed.GetValue(_output) == OutputOption.Json)
            {
                await output.WriteLineAsync(LicenseView.ToJson(writer =>
                {
                    writer.WriteStartArray();
                    Array.ForEach(licenses, license => license.WriteTo(writer));
                    writer.WriteEndArray();
                }));
                return null;
            }

            Table.Write(
                output,
                Array.ConvertAll(columns, column => column.Name),
                Array.ConvertAll(licenses, license => Array.ConvertAll(columns, column => column.Cell(license))));
            return null;
        }
    }
}
