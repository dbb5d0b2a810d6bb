using System.CommandLine;
using Coder.Cli.Common;

namespace Coder.Cli.Workspaces;

/// <summary><c>coder stop</c>.</summary>
internal sealed class StopCommand
{
    private readonly CliContext _context;
    private readonly BuildRun _run;
    private readonly YesOption _yes = new();
    private readonly Argument<string> _workspace = new("workspace") { Description = WorkspaceName.Description };

    private StopCommand(CliContext context)
    {
        _context = context;
        _run = new BuildRun(context);
    }

    internal static Command Create(CliContext context)
    {
        var stop = new StopCommand(context);
        var command = new Command("stop", "Stop a workspace. One that is being stopped already is waited for.")
        {
            stop._workspace,
            stop._yes.Option,
        };
        foreach (var option in stop._run.Options)
        {
            command.Add(option);
        }

        context.Handle(command, stop.RunAsync);
        return command;
    }

    private async Task<CliError?> RunAsync(CoderClient client, ParseResult parsed, CancellationToken cancellationToken)
    {
        var api = new WorkspacesApi(client);
        if (!(await api.FindAsync(parsed.GetRequiredValue(_workspace), cancellationToken)).Is(out var found, out var error))
        {
            return error;
        }

        var workspace = found.Workspace;
        switch (workspace.LatestBuild)
        {
            case { Transition: BuildJson.Stop, Job.IsActive: true } build:
                await _context.Terminal.Error.WriteLineAsync(CliError.Printable($"Workspace {workspace.FullName} is being stopped already."));
                return await _run.FinishAsync(api, workspace, build, parsed, cancellationToken);
            case { Status: "stopped" }:
                await _context.Terminal.Error.WriteLineAsync(CliError.Printable($"Workspace {workspace.FullName} is stopped already."));
                return null;
        }

        if (await _yes.ConfirmAsync(_context.Terminal, parsed, $"Stop {workspace.FullName}?", cancellationToken) is { } refused)
        {
            return refused;
        }

        var body = new NewBuildJson { Transition = BuildJson.Stop, LogLevel = _run.LogLevel(parsed) };
        return (await api.BuildAsync(workspace.Id, body, cancellationToken)).Is(out var stopped, out error)
            ? await _run.FinishAsync(api, workspace, stopped, parsed, cancellationToken)
            : error;
    }
}
