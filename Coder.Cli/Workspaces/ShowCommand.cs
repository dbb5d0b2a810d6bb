using System.CommandLine;
using System.Globalization;
using Coder.Cli.Common;
using Coder.Cli.Jobs;

namespace Coder.Cli.Workspaces;

/// <summary><c>coder show</c>: how a workspace stands and what it consists of.</summary>
internal sealed class ShowCommand
{
    private readonly CliContext _context;
    private readonly Option<string> _output = OutputOption.Create("text");
    private readonly Argument<string> _workspace = new("workspace") { Description = WorkspaceName.Description };

    private ShowCommand(CliContext context) => _context = context;

    internal static Command Create(CliContext context)
    {
        var show = new ShowCommand(context);
        var command = new Command("show", "Show a workspace: how its last build ended, and its resources, agents and apps.")
        {
            show._workspace,
            show._output,
        };
        context.Handle(command, show.RunAsync);
        return command;
    }

    private async Task<CliError?> RunAsync(CoderClient client, ParseResult parsed, CancellationToken cancellationToken)
    {
        var asked = await new WorkspacesApi(client).FindAsync(parsed.GetRequiredValue(_workspace), cancellationToken);
        if (!asked.Is(out var found, out var error))
        {
            return error;
        }

        if (parsed.GetValue(_output) == OutputOption.Json)
        {
            await _context.Terminal.Out.WriteLineAsync(JsonText.Of(found.Raw.WriteTo));
            return null;
        }

        foreach (var line in Facts(found.Workspace).Concat(Parts(found.Workspace.LatestBuild)))
        {
            await _context.Terminal.Out.WriteLineAsync(CliError.Printable(line));
        }

        if (found.Workspace.Outdated)
        {
            await _context.Terminal.Error.WriteLineAsync(CliError.Printable(
                $"The workspace is outdated: its template has another active version. To move to it: coder update {found.Workspace.FullName}"));
        }

        return null;
    }

    private IEnumerable<string> Facts(WorkspaceJson workspace)
    {
        var build = workspace.LatestBuild;
        yield return Fact("Workspace", workspace.FullName);
        yield return Fact("Template", $"{workspace.TemplateName}, version {build.TemplateVersionName}");
        yield return Fact("Status", build.Job.Status == JobJson.Pending ? $"{build.Status}{Queue(build)}" : build.Status);
        yield return Fact(
            "Last build",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{build.Transition} {build.BuildNumber} by {build.InitiatorName}, {Elapsed.Text(_context.Time.GetUtcNow() - build.CreatedAt)} ago"));
        if (build.Job.Error is { Length: > 0 } failure)
        {
            yield return Fact("Error", failure);
        }

        if (ScheduleText.Describe(workspace.AutostartSchedule) is { Length: > 0 } schedule)
        {
            yield return Fact("Starts at", schedule);
        }

        if (build.Deadline is { } deadline)
        {
            yield return Fact("Stops at", TimeText.Format(deadline));
        }

        if (workspace.DormantAt is { } dormant)
        {
            yield return Fact("Dormant since", TimeText.Format(dormant));
        }
    }

    private static string Queue(BuildJson build) => build switch
    {
        { Job.QueuePosition: > 0 } =>
            string.Create(CultureInfo.InvariantCulture, $", position {build.Job.QueuePosition} of {build.Job.QueueSize}"),
        { MatchedProvisioners.Available: 0 } => ", no provisioner daemon is online that could take it",
        _ => "",
    };

    private static IEnumerable<string> Parts(BuildJson build)
    {
        var shown = (build.Resources ?? []).Where(resource => !resource.Hide).ToArray();
        if (shown.Length > 0)
        {
            yield return "";
        }

        foreach (var resource in shown)
        {
            yield return $"{resource.Type}.{resource.Name}";
            foreach (var fact in resource.Metadata ?? [])
            {
                yield return $"  {fact.Key}: {(fact.Sensitive ? "(sensitive)" : fact.Value)}";
            }

            foreach (var agent in resource.Agents ?? [])
            {
                yield return $"  agent {agent.Name} ({agent.OperatingSystem}, {agent.Architecture}): {agent.Status}, {agent.LifecycleState}"
                    + (agent.Health is { Healthy: false, Reason: { Length: > 0 } reason } ? $"; {reason}" : "");
                foreach (var app in (agent.Apps ?? []).Where(app => !app.Hidden))
                {
                    yield return $"    app {app.Slug}: {App(app)}";
                }
            }
        }
    }

    private static string App(AppJson app)
    {
        string?[] facts = [app.Url ?? app.Command, $"shared with {app.SharingLevel}", app.Health is "disabled" or "" ? null : app.Health];
        return string.Join(", ", facts.Where(fact => !string.IsNullOrEmpty(fact)));
    }

    private static string Fact(string name, string value) => $"{name + ":",-15}{value}";
}
