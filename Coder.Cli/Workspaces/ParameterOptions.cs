using System.CommandLine;
using Coder.Cli.Common;

namespace Coder.Cli.Workspaces;

/// <summary>The options that give values to the parameters of a template.</summary>
internal sealed class ParameterOptions(CliContext context)
{
    private readonly Option<string[]> _values = new("--parameter")
    {
        Description = "Value of a parameter of the template; may be repeated. Wins over the file and over presets.",
        HelpName = "name=value",
    };

    private readonly Option<string[]> _defaults = new("--parameter-default")
    {
        Description = "Value of a parameter that gets no other one, in the place of the template's default; may be repeated.",
        HelpName = "name=value",
    };

    private readonly Option<string?> _file = new("--rich-parameter-file")
    {
        Description = "File with values of parameters: \"name: value\" lines or a JSON object.",
        HelpName = "file",
    };

    internal IReadOnlyList<Option> Options => [_values, _defaults, _file];

    /// <summary>Reads what the user gave.</summary>
    internal CliResult<GivenParameters> Read(ParseResult parsed)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (parsed.GetValue(_file) is { Length: > 0 } file
            && !ValuesFile.Read(context.Environment.FullPath(file)).Is(out values, out var error))
        {
            return error;
        }

        if (!Pairs.Parse(parsed.GetValue(_values), "--parameter").Is(out var given, out var mistaken)
            || !Pairs.Parse(parsed.GetValue(_defaults), "--parameter-default").Is(out var defaults, out mistaken))
        {
            return mistaken;
        }

        foreach (var (name, value) in given)
        {
            values[name] = value;
        }

        return new GivenParameters(values, defaults);
    }
}

/// <summary>Values of parameters, by name.</summary>
/// <param name="Values">Those that win over all others.</param>
/// <param name="Defaults">Those for parameters that have no other one.</param>
internal sealed record GivenParameters(Dictionary<string, string> Values, Dictionary<string, string> Defaults)
{
    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => Values.Count == 0 && Defaults.Count == 0;
}
