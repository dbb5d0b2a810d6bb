using System.CommandLine;
using Coder.Cli.Common;

namespace Coder.Cli.Workspaces;

/// <summary><c>coder delete</c>.</summary>
internal sealed class DeleteCommand
{
    private readonly CliContext _context;
    private readonly BuildRun _run;
    private readonly YesOption _yes = new();

    private readonly Argument<string[]> _workspaces = new("workspace")
    {
        Description = "Workspaces, one or more: name, or owner/name for one of somebody else.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _orphan = new("--orphan")
    {
        Description = "Leave behind what was provisioned. For workspaces whose template can not delete them any more.",
    };

    private DeleteCommand(CliContext context)
    {
        _context = context;
        _run = new BuildRun(context);
    }

    internal static Command Create(CliContext context)
    {
        var delete = new DeleteCommand(context);
        var command = new Command("delete", "Delete workspaces with all that was provisioned for them.")
        {
            delete._workspaces,
            delete._orphan,
            delete._yes.Option,
        };
        command.Aliases.Add("rm");
        foreach (var option in delete._run.Options)
        {
            command.Add(option);
        }

        context.Handle(command, delete.RunAsync);
        return command;
    }

    private async Task<CliError?> RunAsync(CoderClient client, ParseResult parsed, CancellationToken cancellationToken)
    {
        var api = new WorkspacesApi(client);
        var workspaces = new List<WorkspaceJson>();
        foreach (var text in parsed.GetRequiredValue(_workspaces).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (!(await api.FindAsync(text, cancellationToken)).Is(out var found, out var unknown))
            {
                return unknown;
            }

            workspaces.Add(found.Workspace);
        }

        var isOrphan = parsed.GetValue(_orphan);
        var question = $"Delete {string.Join(", ", workspaces.Select(workspace => workspace.FullName))}"
            + (isOrphan ? ", and leave behind what was provisioned?" : "?");
        if (await _yes.RequireAsync(_context.Terminal, parsed, question, plain: false, cancellationToken) is { } refused)
        {
            return refused;
        }

        foreach (var workspace in workspaces)
        {
            var body = new NewBuildJson
            {
                Transition = BuildJson.Delete,
                LogLevel = _run.LogLevel(parsed),
                Orphan = isOrphan ? true : null,
            };
            if (!(await api.BuildAsync(workspace.Id, body, cancellationToken)).Is(out var build, out var error))
            {
                return error;
            }

            if (await _run.FinishAsync(api, workspace, build, parsed, cancellationToken) is { } failed)
            {
                return failed;
            }
        }

        return null;
    }
}
