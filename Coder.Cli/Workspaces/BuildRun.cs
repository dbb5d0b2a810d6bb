using System.CommandLine;
using Coder.Cli.Common;
using Coder.Cli.Jobs;

namespace Coder.Cli.Workspaces;

/// <summary>What the commands that build a workspace have in common: whether they wait, and what they say at the end.</summary>
internal sealed class BuildRun(CliContext context)
{
    private readonly Option<bool> _noWait = new("--no-wait") { Description = "Return as soon as the build is in the queue." };

    private readonly Option<bool> _verbose = new("--verbose", "-v")
    {
        Description = "Ask for the debug lines of the log, and show them.",
    };

    internal IReadOnlyList<Option> Options => [_noWait, _verbose];

    /// <summary>The log level that the server is asked for.</summary>
    internal string? LogLevel(ParseResult parsed) => parsed.GetValue(_verbose) ? "debug" : null;

    /// <summary>Waits for a build unless the user does not want to, and says what has become of the workspace.</summary>
    internal Task<CliError?> FinishAsync(
        WorkspacesApi api, WorkspaceJson workspace, BuildJson build, ParseResult parsed, CancellationToken cancellationToken) =>
        parsed.GetValue(_noWait) ? LeaveAsync(workspace, build) : WaitAsync(api, workspace, build, parsed, cancellationToken);

    /// <summary>Waits for a build, whatever the user wants.</summary>
    internal async Task<CliError?> WaitAsync(
        WorkspacesApi api, WorkspaceJson workspace, BuildJson build, ParseResult parsed, CancellationToken cancellationToken)
    {
        var ended = await JobWatch.RunAsync(context, api.Watch(workspace, build), parsed.GetValue(_verbose), cancellationToken);
        if (!ended.Is(out var job, out var error))
        {
            return error;
        }

        if (job.Judge($"The {build.Transition} of {workspace.FullName}") is { } failed)
        {
            return failed;
        }

        var state = build.Transition switch { BuildJson.Start => "running", BuildJson.Stop => "stopped", _ => "deleted" };
        await SayAsync($"Workspace {workspace.FullName} is {state}.");
        return null;
    }

    private async Task<CliError?> LeaveAsync(WorkspaceJson workspace, BuildJson build)
    {
        await SayAsync($"The {build.Transition} of {workspace.FullName} is queued.");
        return null;
    }

    private Task SayAsync(string text) => context.Terminal.Out.WriteLineAsync(CliError.Printable(text));
}
