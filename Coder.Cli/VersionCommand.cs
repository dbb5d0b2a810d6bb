using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using Coder.Cli.Common;

namespace Coder.Cli;

/// <summary><c>coder version</c> and <c>coder --version</c>: the version of the tool, without asking a server.</summary>
internal static class VersionCommand
{
    /// <summary>Version without the commit that the build may append.</summary>
    internal static string Number { get; } =
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? "0.0.0";

    internal static Command Create(CliContext context)
    {
        var command = new Command("version", "Print the version of this tool.");
        context.Handle(command, (_, _) =>
        {
            context.Terminal.Out.WriteLine(Text);
            return Task.FromResult<CliError?>(null);
        });
        return command;
    }

    /// <summary>Our own option instead of the library's, which reports the version of the host process.</summary>
    internal static Option CreateOption() =>
        new Option<bool>("--version") { Description = "Print the version of this tool.", Arity = ArgumentArity.Zero, Action = new Print() };

    private static string Text => $"Coder for .NET v{Number}";

    private sealed class Print : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(Text);
            return 0;
        }
    }
}
