using System.Globalization;
using Coder.Cli.Common;
using Coder.Cli.Templates;

namespace Coder.Cli.Workspaces;

/// <summary>Decides which values a build is asked for, and asks a person for those that are missing.</summary>
/// <remarks>Only what somebody chose is sent. Presets, the last build and the defaults of the template are the server's.</remarks>
internal sealed class ParameterValues(ITerminal terminal)
{
    /// <summary>The values to send.</summary>
    /// <param name="parameters">What the template version asks for.</param>
    /// <param name="given">What the user gave.</param>
    /// <param name="known">The names of the parameters that have a value already, from a preset or the build before.</param>
    /// <param name="cancellationToken">Ends the questions.</param>
    internal async Task<CliResult<NamedValueJson[]>> ResolveAsync(
        ParameterJson[] parameters, GivenParameters given, IReadOnlySet<string> known, CancellationToken cancellationToken)
    {
        if (Unknown(parameters, given.Values.Keys.Concat(given.Defaults.Keys)) is { } unknown)
        {
            return unknown;
        }

        var values = new List<NamedValueJson>();
        var missing = new List<ParameterJson>();
        foreach (var parameter in parameters)
        {
            var name = parameter.Name ?? "";
            if (given.Values.TryGetValue(name, out var value)
                || (!known.Contains(name) && given.Defaults.TryGetValue(name, out value)))
            {
                values.Add(new NamedValueJson(name, value));
            }
            else if (parameter.Required && !known.Contains(name))
            {
                missing.Add(parameter);
            }
        }

        if (missing.Count > 0 && !terminal.IsInteractive)
        {
            return Missing(missing);
        }

        foreach (var parameter in missing)
        {
            if (!(await AskAsync(parameter, cancellationToken)).Is(out var answer, out var error))
            {
                return error;
            }

            values.Add(new NamedValueJson(parameter.Name, answer));
        }

        return values.ToArray();
    }

    private static CliError? Unknown(ParameterJson[] parameters, IEnumerable<string> names)
    {
        var name = names.FirstOrDefault(name => !Array.Exists(parameters, parameter => parameter.Name == name));
        return name is null
            ? null
            : new CliError(
                $"The template has no parameter \"{name}\"",
                Hint: parameters.Length == 0
                    ? "It has no parameters at all."
                    : $"Parameters: {string.Join(", ", parameters.Select(parameter => parameter.Name))}.");
    }

    private static CliError Missing(List<ParameterJson> missing) => new(
        missing.Count == 1 ? "A parameter of the template has no value" : "Some parameters of the template have no value",
        Hint: "Give them with --parameter name=value or --rich-parameter-file.")
    {
        Validations = [.. missing.Select(parameter => new ValidationJson(parameter.Name, $"takes {ParameterCheck.Describe(parameter)}"))],
    };

    private async Task<CliResult<string>> AskAsync(ParameterJson parameter, CancellationToken cancellationToken)
    {
        var options = parameter.Options ?? [];
        await SayAsync(parameter.DisplayName is { Length: > 0 } title ? title : parameter.Name);
        await SayAsync(parameter.DescriptionPlaintext is { Length: > 0 } text ? $"  {text}" : null);
        for (var i = 0; i < options.Length; i++)
        {
            var more = options[i].Description is { Length: > 0 } description ? $": {description}" : "";
            await SayAsync(string.Create(CultureInfo.InvariantCulture, $"  {i + 1}. {options[i].Name} ({options[i].Value}){more}"));
        }

        if (options.Length == 0)
        {
            await SayAsync($"  It takes {ParameterCheck.Describe(parameter)}.");
        }

        while (true)
        {
            var asked = await Prompt.AskAsync(terminal, CliError.Printable($"Value of {parameter.Name}"), null, cancellationToken);
            if (!asked.Is(out var answer, out var error))
            {
                return error;
            }

            var value = ParameterCheck.Choose(parameter, answer);
            if (ParameterCheck.Judge(parameter, value) is not { } problem)
            {
                return value;
            }

            await SayAsync(problem);
        }
    }

    private Task SayAsync(string? text) =>
        text is null ? Task.CompletedTask : terminal.Error.WriteLineAsync(CliError.Printable(text));
}
