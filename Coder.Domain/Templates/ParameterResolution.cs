using Coder.Domain.Common;

namespace Coder.Domain.Templates;

/// <summary>Where the values of a build come from, by parameter name. Names that the template does not know are ignored.</summary>
public sealed record ParameterSources
{
    private static readonly Dictionary<string, string> Nothing = [];

    /// <summary>What the request says.</summary>
    public IReadOnlyDictionary<string, string> Given { get; init; } = Nothing;

    /// <summary>What the preset of the build says.</summary>
    public IReadOnlyDictionary<string, string> Preset { get; init; } = Nothing;

    /// <summary>The values of the build before; empty for the first one.</summary>
    public IReadOnlyDictionary<string, string> LastBuild { get; init; } = Nothing;
}

/// <summary>Decides on the parameter values of a build and on the variables of an import.</summary>
public static class ParameterResolution
{
    /// <summary>The code of an import that lacks variables; clients then ask for them (docs/spec/workspaces.md, section 4).</summary>
    public const string RequiredVariablesCode = "REQUIRED_TEMPLATE_VARIABLES";

    /// <summary>Takes the given value of each parameter, else that of the preset, the last build, or the default (section 7.2).</summary>
    /// <param name="parameters">The parameters of the template version.</param>
    /// <param name="sources">Where values come from.</param>
    /// <returns>
    /// One value for each parameter, in their order; or the 400 for the first one that lacks a value, has a value that breaks its
    /// rules, or changes although it is immutable.
    /// </returns>
    public static Result<IReadOnlyList<ParameterValue>> Resolve(IReadOnlyList<TemplateParameter> parameters, ParameterSources sources)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(sources);
        var values = new List<ParameterValue>(parameters.Count);
        foreach (var parameter in parameters)
        {
            var last = parameter.Ephemeral ? null : sources.LastBuild.GetValueOrDefault(parameter.Name);
            var value = sources.Given.GetValueOrDefault(parameter.Name)
                ?? sources.Preset.GetValueOrDefault(parameter.Name)
                ?? last
                ?? parameter.DefaultValue;
            var problem = value is null ? "is required"
                : !parameter.Mutable && last is not null && value != last ? "cannot be changed after the workspace was created"
                : ParameterRules.Check(parameter, value, last);
            if (problem is not null)
            {
                return new Error(
                    ErrorKind.Invalid,
                    $"Unable to validate parameter \"{parameter.Name}\"",
                    $"parameter \"{parameter.Name}\" {problem}");
            }

            values.Add(new ParameterValue(parameter.Name, value!));
        }

        return values;
    }

    /// <summary>Takes for each variable the given value, else the default, else the empty text.</summary>
    /// <param name="variables">The variables of the manifest.</param>
    /// <param name="given">The <c>user_variable_values</c> of the version; names that the manifest does not know are ignored.</param>
    /// <returns>
    /// One value for each variable; or the error of the import, whose detail is <see cref="RequiredVariablesCode"/> if values are missing.
    /// </returns>
    public static Result<IReadOnlyDictionary<string, string>> ResolveVariables(
        IReadOnlyList<TemplateVariable> variables,
        IReadOnlyDictionary<string, string> given)
    {
        ArgumentNullException.ThrowIfNull(variables);
        ArgumentNullException.ThrowIfNull(given);
        var missing = variables.Where(v => v.Required && !given.ContainsKey(v.Name)).Select(v => $"\"{v.Name}\"").ToList();
        if (missing.Count > 0)
        {
            return new Error(
                ErrorKind.Invalid,
                $"The template has required variables without a value: {string.Join(", ", missing)}.",
                RequiredVariablesCode);
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in variables)
        {
            if (given.TryGetValue(variable.Name, out var value) && ParameterRules.CheckType(variable.Type, value) is { } problem)
            {
                return new Error(ErrorKind.Invalid, $"The value of the variable \"{variable.Name}\" {problem}.");
            }

            values[variable.Name] = value ?? variable.DefaultValue ?? "";
        }

        return values;
    }
}
