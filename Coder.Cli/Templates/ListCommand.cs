using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Coder.Cli.Common;

namespace Coder.Cli.Templates;

/// <summary><c>coder templates list</c>.</summary>
internal sealed class ListCommand
{
    private readonly CliContext _context;
    private readonly Option<string> _output = OutputOption.Create("table");
    private readonly OrganizationOption _organization;

    private readonly ColumnOption<TemplateJson> _columns = new(
        "name,organization name,last updated,used by",
        new Column<TemplateJson>("name", template => template.Name ?? ""),
        new Column<TemplateJson>("display name", template => template.DisplayName ?? ""),
        new Column<TemplateJson>("description", template => template.Description ?? ""),
        new Column<TemplateJson>("organization name", template => template.OrganizationName ?? ""),
        new Column<TemplateJson>("created at", template => TimeText.Format(template.CreatedAt)),
        new Column<TemplateJson>("last updated", template => TimeText.Format(template.UpdatedAt)),
        new Column<TemplateJson>("created by", template => template.CreatedByName ?? ""),
        new Column<TemplateJson>(
            "used by",
            template => string.Create(
                CultureInfo.InvariantCulture, $"{template.ActiveUserCount} {(template.ActiveUserCount == 1 ? "user" : "users")}")),
        new Column<TemplateJson>(
            "default ttl", template => template.DefaultTtlMs > 0 ? Elapsed.Text(TimeSpan.FromMilliseconds(template.DefaultTtlMs)) : "none"),
        new Column<TemplateJson>("deprecated", template => template.Deprecated ? "true" : "false"),
        new Column<TemplateJson>("active version id", template => template.ActiveVersionId.ToString()),
        new Column<TemplateJson>("id", template => template.Id.ToString()));

    private ListCommand(CliContext context)
    {
        _context = context;
        _organization = new OrganizationOption(context);
    }

    internal static Command Create(CliContext context)
    {
        var list = new ListCommand(context);
        var command = new Command("list", "List the templates that you may see, of all organizations unless one is named.")
        {
            list._organization.Option,
            list._output,
            list._columns.Option,
        };
        command.Aliases.Add("ls");
        context.Handle(command, list.RunAsync);
        return command;
    }

    private async Task<CliError?> RunAsync(CoderClient client, ParseResult parsed, CancellationToken cancellationToken)
    {
        if (!_columns.Read(parsed).Is(out var columns, out var error))
        {
            return error;
        }

        Guid? within = null;
        if (_organization.IsGiven(parsed))
        {
            if (!(await _organization.FindAsync(client, parsed, cancellationToken)).Is(out var organization, out error))
            {
                return error;
            }

            within = organization.Id;
        }

        if (!(await new TemplatesApi(client).ListAsync(within, cancellationToken)).Is(out var found, out error))
        {
            return error;
        }

        var output = _context.Terminal.Out;
        if (parsed.GetValue(_output) == OutputOption.Json)
        {
            await output.WriteLineAsync(JsonText.OfList(found));
            return null;
        }

        if (found.Length == 0)
        {
            await _context.Terminal.Error.WriteLineAsync("There are no templates that you may see. Make one: coder templates push");
            return null;
        }

        ColumnOption<TemplateJson>.Write(
            output, columns, found.Select(template => template.Deserialize(TemplatesJsonContext.Default.TemplateJson)!));
        return null;
    }
}
