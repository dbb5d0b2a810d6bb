using System.CommandLine;
using Coder.Cli.Common;

namespace Coder.Cli.Workspaces;

/// <summary><c>coder restart</c> and <c>coder update</c>: a stop, where there is something to stop, and a start.</summary>
internal sealed class RestartCommand
{
    private readonly CliContext _context;
    private readonly bool _updates;
    private readonly StartOptions _start;
    private readonly BuildRun _run;
    private readonly YesOption _yes = new();
    private readonly Argument<string> _workspace = new("workspace") { Description = WorkspaceName.Description };

    private RestartCommand(CliContext context, bool updates)
    {
        _context = context;
        _updates = updates;
        _start = new StartOptions(context) { JudgesValues = true };
        _run = new BuildRun(context);
    }

    internal static Command Create(CliContext context) => new RestartCommand(context, updates: false).Command(
        "restart", "Stop a workspace and start it again. The stop is always waited for; --no-wait is about the start.");

    internal static Command CreateUpdate(CliContext context) => new RestartCommand(context, updates: true).Command(
        "update",
        "Start a workspace from the active version of its template, if it has another one. A workspace that runs is stopped first.");

    private Command Command(string name, string description)
    {
        var command = new Command(name, description) { _workspace, _yes.Option };
        foreach (var option in _start.Options.Concat(_run.Options))
        {
            command.Add(option);
        }

        _context.Handle(command, RunAsync);
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
        if (_updates && !workspace.Outdated)
        {
            await _context.Terminal.Error.WriteLineAsync(CliError.Printable($"Workspace {workspace.FullName} is up to date already."));
            return null;
        }

        if (await _yes.ConfirmAsync(_context.Terminal, parsed, $"{(_updates ? "Update" : "Restart")} {workspace.FullName}?", cancellationToken) is { } refused)
        {
            return refused;
        }

        // Who has mistaken or forgotten a value is not to lose the running workspace for it.
        if (!(await _start.PlanAsync(client, workspace, given, _updates, cancellationToken)).Is(out var planned, out error))
        {
            return error;
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
        }

        var start = await StartOptions.PostAsync(client, workspace, planned, _run.LogLevel(parsed), cancellationToken);
        return start.Is(out var started, out error)
            ? await _run.FinishAsync(api, workspace, started, parsed, cancellationToken)
            : error;
    }
}
