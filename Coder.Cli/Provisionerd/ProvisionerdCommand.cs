using System.CommandLine;
using Coder.Cli.Common;

namespace Coder.Cli.Provisionerd;

/// <summary><c>coder provisionerd</c>: groups the commands of provisioner daemons.</summary>
internal static class ProvisionerdCommand
{
    internal static Command Create(CliContext context)
    {
        var command = new Command("provisionerd", "Run a provisioner daemon, which imports templates and builds workspaces.")
        {
            StartCommand.Create(context),
        };
        command.SetAction(CliProgram.ShowHelp);
        return command;
    }
}
