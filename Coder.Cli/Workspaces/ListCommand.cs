using System.CommandLine;
using System.Globalization;
using Coder.Cli.Common;

namespace Coder.Cli.Workspaces;

/// <summary><c>coder list</c>.</summary>
internal sealed class ListCommand
{
    private const string Own = "owner:me";

    private readonly CliContext _context;
    private readonly Option<string> _output = OutputOption.Create("table");

    private readonly Option<bool> _all = new("--all", "-a") { Description = "List the workspaces of everybody, as far as you may see them." };

    private readonly Option<string?> _search = new("--search")
    {
        Description = "Search of the server, such as \"owner:ada status:running template:dev\". Default: your own workspaces.",
        HelpName = "search",
    };

    private readonly ColumnOption<Row> _columns = new(
        "workspace,template,status,healthy,last built,current version,outdated,starts at,stops after",
        new Column<Row>("workspace", row => row.Workspace.FullName),
        new Column<Row>("template", row => row.Workspace.TemplateName ?? ""),
        new Column<Row>("status", row => row.Workspace.LatestBuild.Status),
        new Column<Row>("healthy", row => row.Workspace.LatestBuild.Status == "running" ? Text(row.Workspace.Health?.Healthy ?? true) : ""),
        new Column<Row>("last built", row => $"{Elapsed.Text(row.Now - row.Workspace.LatestBuild.CreatedAt)} ago"),
        new Column<Row>("current version", row => row.Workspace.LatestBuild.TemplateVersionName ?? ""),
        new Column<Row>("outdated", row => Text(row.Workspace.Outdated)),
        new Column<Row>("starts at", row => ScheduleText.Describe(row.Workspace.AutostartSchedule)),
        new Column<Row>("starts next", row => Time(row.Workspace.NextStartAt)),
        new Column<Row>(
            "stops after", row => row.Workspace.TtlMs is > 0 and var ttl ? Elapsed.Text(TimeSpan.FromMilliseconds(ttl)) : ""),
        new Column<Row>("stops next", row => Time(row.Workspace.LatestBuild.Deadline)),
        new Column<Row>("daily cost", row => row.Workspace.LatestBuild.DailyCost.ToString(CultureInfo.InvariantCulture)),
        new Column<Row>("organization name", row => row.Workspace.OrganizationName ?? ""),
        new Column<Row>("favorite", row => Text(row.Workspace.Favorite)),
        new Column<Row>("id", row => row.Workspace.Id.ToString()));

    private ListCommand(CliContext context) => _context = context;

    internal static Command Create(CliContext context)
    {
        var list = new ListCommand(context);
        var command = new Command("list", "List workspaces.") { list._all, list._search, list._output, list._columns.Option };
        command.Aliases.Add("ls");
        context.Handle(command, list.RunAsync);
        return command;
    }

    private async Task<CliError?> RunAsync(CoderClient client, ParseResult parsed, CancellationToken cancellationToken)
    {
        var search = parsed.GetValue(_search) ?? (parsed.GetValue(_all) ? "" : Own);
        if (!_columns.Read(parsed).Is(out var columns, out var error)
            || !(await new WorkspacesApi(client).ListAsync(search, cancellationToken)).Is(out var found, out error))
        {
            return error;
        }

        var output = _context.Terminal.Out;
        if (parsed.GetValue(_output) == OutputOption.Json)
        {
            await output.WriteLineAsync(JsonText.OfList(found.Select(workspace => workspace.Raw)));
            return null;
        }

        if (found.Length == 0)
        {
            await _context.Terminal.Error.WriteLineAsync(
                search == Own ? "You have no workspaces. Make one: coder create" : "There are no such workspaces.");
            return null;
        }

        var now = _context.Time.GetUtcNow();
        ColumnOption<Row>.Write(output, columns, found.Select(workspace => new Row(workspace.Workspace, now)));
        return null;
    }

    private static string Text(bool value) => value ? "true" : "false";

    private static string Time(DateTimeOffset? time) => time is { } known ? TimeText.Format(known) : "";

    private sealed record Row(WorkspaceJson Workspace, DateTimeOffset Now);
}
