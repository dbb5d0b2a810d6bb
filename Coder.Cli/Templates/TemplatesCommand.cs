using System.CommandLine;
using Coder.Cli.Common;

namespace Coder.Cli.Templates;

/// <summary><c>coder templates</c> (docs/spec/workspaces.md, section 6): what workspaces are made from.</summary>
internal static class TemplatesCommand
{
    internal static Command Create(CliContext context)
    {
        var command = new Command("templates", "Push, list and delete the templates that workspaces are made from.")
        {
            PushCommand.Create(context),
            ListCommand.Create(context),
            DeleteCommand.Create(context),
        };
        command.Aliases.Add("template");
        command.SetAction(CliProgram.ShowHelp);
        return command;
    }
}
