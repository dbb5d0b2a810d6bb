using System.CommandLine;
using Coder.Cli.Common;
using Coder.Cli.Jobs;

namespace Coder.Cli.Workspaces;

/// <summary><c>coder cancel</c> (docs/spec/workspaces.md, section 7.3).</summary>
internal sealed class CancelCommand
{
    private readonly CliContext _context;
    private readonly Argument<string> _workspace = new("workspace") { Description = WorkspaceName.Description };

    private readonly Option<string?> _expected = new("--expect-status")
    {
        Description = "Cancel only a build that is pending, or only one that is running. Default: the status that it has when the command "
            + "looks, so that a build that has gone on meanwhile is left alone.",
        HelpName = "status",
    };

    private CancelCommand(CliContext context)
    {
        _context = context;
        _expected.AcceptOnlyFromAmong(JobJson.Pending, JobJson.Running);
    }

    internal static Command Create(CliContext context)
    {
        var cancel = new CancelCommand(context);
        var command = new Command("cancel", "Cancel the build of a workspace that waits or runs.") { cancel._workspace, cancel._expected };
        context.Handle(command, cancel.RunAsync);
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
        var build = workspace.LatestBuild;
        var expected = parsed.GetValue(_expected);
        if (string.IsNullOrEmpty(expected))
        {
            if (!build.Job.IsActive)
            {
                return new CliError(
                    $"Nothing is being built for {workspace.FullName}", $"The last build, a {build.Transition}, has {Ended(build.Job)}.");
            }

            // What is being canceled has no status to expect; the server then says that it is.
            expected = build.Job.Status is JobJson.Pending or JobJson.Running ? build.Job.Status : null;
        }

        if (await api.CancelAsync(build.Id, expected, cancellationToken) is { } refused)
        {
            return refused with { Hint = refused.Status == 412 ? $"See how it stands: coder show {workspace.FullName}" : refused.Hint };
        }

        await _context.Terminal.Out.WriteLineAsync(CliError.Printable(expected == JobJson.Pending
            ? $"The {build.Transition} of {workspace.FullName} is canceled; nothing was done."
            : $"The {build.Transition} of {workspace.FullName} is being canceled."));
        return null;
    }

    private static string Ended(JobJson job) => job.Status switch
    {
        JobJson.Canceled => "been canceled",
        JobJson.Succeeded => "succeeded",
        _ => "failed",
    };
}
