using System.CommandLine;
using Coder.Cli.Common;

namespace Coder.Cli.Workspaces;

/// <summary>The commands about workspaces (docs/spec/workspaces.md, section 7), which stand at the root: they are what the tool is for.</summary>
internal static class WorkspaceCommands
{
    internal static IReadOnlyList<Command> Create(CliContext context) =>
    [
        CreateCommand.Create(context),
        ListCommand.Create(context),
        ShowCommand.Create(context),
        StartCommand.Create(context),
        StopCommand.Create(context),
        RestartCommand.Create(context),
        RestartCommand.CreateUpdate(context),
        CancelCommand.Create(context),
        DeleteCommand.Create(context),
    ];
}
