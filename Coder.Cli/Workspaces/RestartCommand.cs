using System.CommandLine;
using Coder.Cli.Common;

namespace Coder.Cli.Workspaces;

/// <summary><c>coder restart</c>: a stop, where there is something to stop, and a start.</summary>
internal sealed class RestartCommand
{
    private readonly CliContext _context;
    private readonly StartOptions _start;
    private readonly BuildRun _run;
    private readonly YesOption _yes = new();
    private readonly Argument<string> _workspace = new("workspace") { Description = WorkspaceName.Description };

    private RestartCommand(CliContext context)
    {
        _context = context;
        _start = new StartOptions(context);
        _run = new BuildRun(context);
    }

    internal static Command Create(CliContext context)
    {
        var restart = new RestartCommand(context);
        var command = new Command(
            "restart", "Stop a workspace and start it again. The stop is always waited for; --no-wait is about the start.")
        {
            restart._workspace,
            restart._yes.Option,
        };
        foreach (var option in restart._start.Options.Concat(restart._run.Options))
        {
            command.Add(option);
        }

        context.Handle(command, restart.RunAsync);
        return command;
    }

    private async Task<CliError?> RunAsync(CoderClient client, ParseResult parsed, CancellationToken cancellationToken)
    {
        var api = new WorkspacesApi(client);
        if (!_start.Read(parsed).Is(out var given, out var error)
            || !(await api.FindAsync(parsed.GetRequiredValue(_workspace), cancellationToken)).Is(out var found, out error))
        {
            return error;
        }

        var workspace = found.Workspace;
        if (await _yes.ConfirmAsync(_context.Terminal, parsed, $"Restart {workspace.FullName}?", cancellationToken) is { } refused)
        {
            return refused;
        }

        if (workspace.LatestBuild.Status != "stopped")
        {
            var body = new NewBuildJson { Transition = BuildJson.Stop, LogLevel = _run.LogLevel(parsed) };
            if (!(await api.BuildAsync(workspace.Id, body, cancellationToken)).Is(out var stop, out error))
            {
                return error;
            }

            if (await _run.WaitAsync(api, workspace, stop, parsed, cancellationToken) is { } failed)
            {
                return failed;
            }

            // The values of the stop are those that the start begins with.
            workspace = workspace with { LatestBuild = stop };
        }

        return (await _start.PostAsync(client, workspace, given, _run.LogLevel(parsed), cancellationToken)).Is(out var start, out error)
            ? await _run.FinishAsync(api, workspace, start, parsed, cancellationToken)
            : error;
    }
}
