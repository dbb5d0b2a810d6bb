using Coder.Cli.Common;

namespace Coder.Cli.Provisionerd.Terraform;

/// <summary>Finds the program.</summary>
internal static class TerraformBinary
{
    /// <summary>The variable that names it.</summary>
    internal const string Variable = "CODER_TERRAFORM_BIN";

    private static string Name => OperatingSystem.IsWindows() ? "terraform.exe" : "terraform";

    /// <summary>The program that <see cref="Variable"/> names, else the first one on the PATH.</summary>
    internal static CliResult<string> Find(CliEnvironment environment)
    {
        if (environment.Variable(Variable) is { } named)
        {
            var path = environment.FullPath(named);
            return IsProgram(path)
                ? path
                : new CliError($"There is no terraform at {path}", Hint: $"{Variable} has to name the program itself.");
        }

        var found = (environment.Variable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathFullyQualified)
            .Select(folder => Path.Combine(folder, Name))
            .FirstOrDefault(IsProgram);
        return found is not null
            ? found
            : new CliError("There is no terraform on the PATH", Hint: $"Install Terraform, or name the program with {Variable}.");
    }

    private static bool IsProgram(string path) =>
        File.Exists(path)
        && (OperatingSystem.IsWindows()
            || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != UnixFileMode.None);
}
