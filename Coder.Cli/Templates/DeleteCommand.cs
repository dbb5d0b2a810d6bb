using System.CommandLine;
using Coder.Cli.Common;

namespace Coder.Cli.Templates;

/// <summary><c>coder templates delete</c>.</summary>
internal sealed class DeleteCommand
{
    private readonly CliContext _context;
    private readonly OrganizationOption _organization;
    private readonly YesOption _yes = new();

    private readonly Argument<string[]> _names = new("name")
    {
        Description = "Names of the templates, one or more.",
        Arity = ArgumentArity.OneOrMore,
    };

    private DeleteCommand(CliContext context)
    {
        _context = context;
        _organization = new OrganizationOption(context);
    }

    internal static Command Create(CliContext context)
    {
        var delete = new DeleteCommand(context);
        var command = new Command("delete", "Delete templates that have no workspaces any more.")
        {
            delete._names,
            delete._organization.Option,
            delete._yes.Option,
        };
        command.Aliases.Add("rm");
        context.Handle(command, delete.RunAsync);
        return command;
    }

    private async Task<CliError?> RunAsync(CoderClient client, ParseResult parsed, CancellationToken cancellationToken)
    {
        if (!(await _organization.FindAsync(client, parsed, cancellationToken)).Is(out var organization, out var error))
        {
            return error;
        }

        var api = new TemplatesApi(client);
        var templates = new List<TemplateJson>();
        foreach (var name in parsed.GetRequiredValue(_names).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (!(await api.FindAsync(organization, name, cancellationToken)).Is(out var template, out error))
            {
                return error;
            }

            if (template is null)
            {
                return TemplateChoice.Unknown(name, organization);
            }

            templates.Add(template);
        }

        var question = $"Delete {string.Join(", ", templates.Select(template => template.Name))}?";
        if (await _yes.RequireAsync(_context.Terminal, parsed, question, plain: false, cancellationToken) is { } refused)
        {
            return refused;
        }

        foreach (var template in templates)
        {
            if (await api.DeleteAsync(template.Id, cancellationToken) is { } failed)
            {
                return failed;
            }

            await _context.Terminal.Out.WriteLineAsync(CliError.Printable($"Template {template.Name} is deleted."));
        }

        return null;
    }
}
