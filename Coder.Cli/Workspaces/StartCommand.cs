using System.CommandLine;
using Coder.Cli.Common;

namespace Coder.Cli.Workspaces;

/// <summary><c>coder start</c>.</summary>
internal sealed class StartCommand
{
    private readonly CliContext _context;
    private readonly StartOptions _start;
    private readonly BuildRun _run;
    private readonly YesOption _yes = new();
    private readonly Argument<string> _workspace = new("workspace") { Description = WorkspaceName.Description };

    private StartCommand(CliContext context)
    {
        _context = context;
        _start = new StartOptions(context);
        _run = new BuildRun(context);
    }

    internal static Command Create(CliContext context)
    {
        var start = new StartCommand(context);
        var command = new Command("start", "Start a workspace. One that is being started already is waited for.")
        {
            start._workspace,
            start._yes.Option,
        };
        foreach (var option in start._start.Options.Concat(start._run.Options))
        {
            command.Add(option);
        }

        context.Handle(command, start.RunAsync);
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
        switch (workspace.LatestBuild)
        {
            case { Transition: BuildJson.Start, Job.IsActive: true } build:
                await _context.Terminal.Error.WriteLineAsync(CliError.Printable($"Workspace {workspace.FullName} is being started already."));
                return await _run.FinishAsync(api, workspace, build, parsed, cancellationToken);
            case { Status: "running" } when given.IsEmpty:
                await _context.Terminal.Error.WriteLineAsync(CliError.Printable($"Workspace {workspace.FullName} is running already."));
                return null;
        }

        if (!(await _start.PlanAsync(client, workspace, given, updates: false, cancellationToken)).Is(out var planned, out error))
        {
            return error;
        }

        var start = await StartOptions.PostAsync(client, workspace, planned, _run.LogLevel(parsed), cancellationToken);
        return start.Is(out var started, out error)
            ? await _run.FinishAsync(api, workspace, started, parsed, cancellationToken)
            : error;
    }
}
