using Coder.Cli.Common;
using Coder.Cli.Jobs;

namespace Coder.Cli.Templates;

/// <summary>Makes a version and waits for its import; on a terminal it asks for the variables that the import lacks.</summary>
/// <param name="context">What the command runs in.</param>
/// <param name="api">Where the version is made.</param>
/// <param name="organization">Whose it becomes.</param>
/// <param name="template">The template that gets it, or <see langword="null"/> for one that is still to be made.</param>
internal sealed class VersionPush(CliContext context, TemplatesApi api, OrganizationJson organization, TemplateJson? template)
{
    private const string VariablesAreMissing = "REQUIRED_TEMPLATE_VARIABLES";
    private const int LongestVersionName = 64;

    /// <summary>Whether the debug lines of the log are shown.</summary>
    public bool IsVerbose { get; init; }

    /// <summary>Makes the version.</summary>
    /// <param name="version">All but the values of variables. Without tags it gets those of the active version.</param>
    /// <param name="given">The values that the user gave.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The version, once it is imported.</returns>
    internal async Task<CliResult<TemplateVersionJson>> RunAsync(
        NewVersionJson version, Dictionary<string, string> given, CancellationToken cancellationToken)
    {
        if (!(await WithEarlierAsync(given, cancellationToken)).Is(out var values, out var error)
            || !(await TaggedAsync(version, cancellationToken)).Is(out var tagged, out error)
            || !(await ImportAsync(tagged, values, cancellationToken)).Is(out var import, out error))
        {
            return error;
        }

        if (import.Job.ErrorCode != VariablesAreMissing)
        {
            return Judge(import);
        }

        if (!context.Terminal.IsInteractive)
        {
            return Judge(import).Error! with { Hint = "Give them with --variable name=value or --variables-file." };
        }

        if (!(await AskAsync(import.Version, values, cancellationToken)).Is(out values, out error))
        {
            return error;
        }

        if (await MakeRoomAsync(tagged, import.Version, cancellationToken) is { } refused)
        {
            return refused;
        }

        if (!(await ImportAsync(tagged, values, cancellationToken)).Is(out import, out error))
        {
            return error;
        }

        return Judge(import);
    }

    private static CliResult<TemplateVersionJson> Judge(Import import) =>
        import.Job.Judge($"The import of version {import.Version.Name}") is { } failed ? failed : import.Version;

    private async Task<CliResult<Import>> ImportAsync(
        NewVersionJson version, Dictionary<string, string> values, CancellationToken cancellationToken)
    {
        var body = version with { UserVariableValues = NamedValueJson.Of(values) };
        if (!(await api.CreateVersionAsync(organization.Id, body, cancellationToken)).Is(out var made, out var error)
            || !(await JobWatch.RunAsync(context, api.Import(made), IsVerbose, cancellationToken)).Is(out var job, out error))
        {
            return error;
        }

        return new Import(made, job);
    }

    /// <summary>A new version is for the daemons of the active one, unless somebody says something else.</summary>
    private async Task<CliResult<NewVersionJson>> TaggedAsync(NewVersionJson version, CancellationToken cancellationToken)
    {
        if (version.Tags is not null || template is null)
        {
            return version;
        }

        if (!(await api.GetVersionAsync(template.ActiveVersionId, cancellationToken)).Is(out var active, out var error))
        {
            return error;
        }

        // The server fills these in for everybody, and whoever makes the version is its owner.
        var tags = (active.Job?.Tags ?? new Dictionary<string, string>(StringComparer.Ordinal))
            .Where(tag => tag.Key != "owner" && tag is not { Key: "scope", Value: "organization" })
            .ToDictionary(tag => tag.Key, tag => tag.Value, StringComparer.Ordinal);
        return tags.Count == 0 ? version : version with { Tags = tags };
    }

    /// <summary>A new version keeps the values of the active one, apart from those that nobody is shown.</summary>
    private async Task<CliResult<Dictionary<string, string>>> WithEarlierAsync(
        Dictionary<string, string> given, CancellationToken cancellationToken)
    {
        if (template is null)
        {
            return given;
        }

        if (!(await api.GetVariablesAsync(template.ActiveVersionId, cancellationToken)).Is(out var variables, out var error))
        {
            return error;
        }

        var values = variables
            .Where(variable => !variable.Sensitive && variable.Value is { Length: > 0 } && variable.Value != variable.DefaultValue)
            .ToDictionary(variable => variable.Name ?? "", variable => variable.Value!, StringComparer.Ordinal);
        foreach (var (name, value) in given)
        {
            values[name] = value;
        }

        return values;
    }

    private async Task<CliResult<Dictionary<string, string>>> AskAsync(
        TemplateVersionJson version, Dictionary<string, string> values, CancellationToken cancellationToken)
    {
        if (!(await api.GetVariablesAsync(version.Id, cancellationToken)).Is(out var variables, out var error))
        {
            return error;
        }

        var terminal = context.Terminal;
        var all = new Dictionary<string, string>(values, StringComparer.Ordinal);
        foreach (var variable in variables.Where(variable => variable.Required && !all.ContainsKey(variable.Name ?? "")))
        {
            var name = variable.Name ?? "";
            if (variable.Description is { Length: > 0 } description)
            {
                await terminal.Error.WriteLineAsync(CliError.Printable(description));
            }

            var question = CliError.Printable($"Variable {name}");
            var asked = variable.Sensitive
                ? await Prompt.AskSecretAsync(terminal, question, cancellationToken)
                : await Prompt.AskAsync(terminal, question, null, cancellationToken);
            if (!asked.Is(out var value, out error))
            {
                return error;
            }

            all[name] = value;
        }

        return all;
    }

    /// <summary>The version that failed has the name that the next one is to get.</summary>
    private Task<CliError?> MakeRoomAsync(NewVersionJson version, TemplateVersionJson failed, CancellationToken cancellationToken)
    {
        if (template is null || version.Name is not { } name)
        {
            return Task.FromResult<CliError?>(null);
        }

        var suffix = $"-{failed.Id.ToString("N")[..8]}";
        return api.RenameVersionAsync(
            failed.Id, name[..Math.Min(name.Length, LongestVersionName - suffix.Length)] + suffix, cancellationToken);
    }

    private sealed record Import(TemplateVersionJson Version, JobJson Job);
}
