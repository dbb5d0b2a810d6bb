using System.CommandLine;

namespace Coder.Cli.Common;

/// <summary>The option <c>--output</c>: for people, or JSON for programs.</summary>
internal static class OutputOption
{
    internal const string Json = "json";

    /// <param name="plain">Name of the form for people, which is the default.</param>
    internal static Option<string> Create(string plain)
    {
        var option = new Option<string>("--output", "-o")
        {
            Description = $"Form of the output: {plain}, or JSON for programs.",
            DefaultValueFactory = _ => plain,
        };
        option.AcceptOnlyFromAmong(plain, Json);
        return option;
    }
}
