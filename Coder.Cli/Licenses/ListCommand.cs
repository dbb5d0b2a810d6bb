using System.CommandLine;
using Coder.Cli.Common;

namespace Coder.Cli.Licenses;

/// <summary><c>coder licenses list</c>.</summary>
internal sealed class ListCommand
{
    private readonly CliContext _context;
    private readonly Option<string> _output = OutputOption.Create("table");

    private readonly ColumnOption<LicenseView> _columns = new(
        "id,uuid,expires at,uploaded at,features",
        new Column<LicenseView>("id", license => license.Id),
        new Column<LicenseView>("uuid", license => license.Uuid),
        new Column<LicenseView>("expires at", license => license.ExpiresAt),
        new Column<LicenseView>("uploaded at", license => license.UploadedAt),
        new Column<LicenseView>("features", license => license.Features),
        new Column<LicenseView>("trial", license => license.IsTrial ? "true" : "false"));

    private ListCommand(CliContext context) => _context = context;

    internal static Command Create(CliContext context)
    {
        var list = new ListCommand(context);
        var command = new Command("list", "List the licenses of the deployment, expired ones included. Only owners see any.")
        {
            list._output,
            list._columns.Option,
        };
        command.Aliases.Add("ls");
        context.Handle(command, list.RunAsync);
        return command;
    }

    private async Task<CliError?> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (!_columns.Read(parsed).Is(out var columns, out var error) || !_context.Connect(parsed).Is(out var client, out error))
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
                await output.WriteLineAsync(JsonText.Of(writer =>
                {
                    writer.WriteStartArray();
                    Array.ForEach(licenses, license => license.WriteTo(writer));
                    writer.WriteEndArray();
                }));
                return null;
            }

            ColumnOption<LicenseView>.Write(output, columns, licenses);
            return null;
        }
    }
}
