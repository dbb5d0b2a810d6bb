using System.CommandLine;
using Coder.Cli.Common;

namespace Coder.Cli.Licenses;

/// <summary><c>coder licenses</c> (docs/spec/licensing.md, section 5): licenses of a deployment, and tools to make some.</summary>
internal static class LicensesCommand
{
    internal static Command Create(CliContext context)
    {
        var command = new Command("licenses", "Add, list and delete the licenses of a deployment; make keys and licenses for development.")
        {
            AddCommand.Create(context),
            ListCommand.Create(context),
            DeleteCommand.Create(context),
            KeygenCommand.Create(context),
            IssueCommand.Create(context),
        };
        command.Aliases.Add("license");
        command.SetAction(CliProgram.ShowHelp);
        return command;
    }
}
