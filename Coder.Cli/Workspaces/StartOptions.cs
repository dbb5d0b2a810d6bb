using System.CommandLine;
using Coder.Cli.Common;
using Coder.Cli.Templates;

namespace Coder.Cli.Workspaces;

/// <summary>What a start may be given, and how it is asked for.</summary>
internal sealed class StartOptions
{
    private readonly CliContext _context;
    private readonly ParameterOptions _parameters;

    private readonly Option<string[]> _buildOptions = new("--build-option", "--ephemeral-parameter")
    {
        Description = "Value of a parameter that counts for this start only; may be repeated.",
        HelpName = "name=value",
    };

    internal StartOptions(CliContext context)
    {
        _context = context;
        _parameters = new ParameterOptions(context);
    }

    /// <summary>Whether values are judged here too, because the server will see them only after something else was done.</summary>
    public bool JudgesValues { get; init; }

    internal IReadOnlyList<Option> Options => [_buildOptions, .. _parameters.Options];

    /// <summary>Reads what the user gave.</summary>
    internal CliResult<GivenStart> Read(ParseResult parsed)
    {
        if (!Pairs.Parse(parsed.GetValue(_buildOptions), "--build-option").Is(out var once, out var error)
            || !_parameters.Read(parsed).Is(out var parameters, out error))
        {
            return error;
        }

        return new GivenStart(parameters, once);
    }

    /// <summary>Decides what the start is asked for, which may need answers of a person. Nothing is changed yet.</summary>
    /// <param name="client">Where the template is.</param>
    /// <param name="workspace">The workspace as it stands.</param>
    /// <param name="given">What the user gave.</param>
    /// <param name="updates">Whether it moves to the active version of its template, although it need not.</param>
    /// <param name="cancellationToken">Ends the questions.</param>
    internal async Task<CliResult<PlannedStart>> PlanAsync(
        CoderClient client, WorkspaceJson workspace, GivenStart given, bool updates, CancellationToken cancellationToken)
    {
        var version = updates || workspace.TemplateRequireActiveVersion
            ? workspace.TemplateActiveVersionId
            : workspace.LatestBuild.TemplateVersionId;

        // Where the version stays, the build before has all the values.
        var isToldMore = !given.IsEmpty || version != workspace.LatestBuild.TemplateVersionId;
        NamedValueJson[]? values = [];
        if (isToldMore && !(await ResolveAsync(client, workspace, version, given, cancellationToken)).Is(out values, out var error))
        {
            return error;
        }

        return new PlannedStart(updates ? version : null, values);
    }

    /// <summary>Asks for the start.</summary>
    /// <param name="client">Where to.</param>
    /// <param name="workspace">What is started.</param>
    /// <param name="planned">With what.</param>
    /// <param name="logLevel">See <see cref="BuildRun.LogLevel"/>.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    internal static Task<CliResult<BuildJson>> PostAsync(
        CoderClient client, WorkspaceJson workspace, PlannedStart planned, string? logLevel, CancellationToken cancellationToken)
    {
        var build = new NewBuildJson
        {
            Transition = BuildJson.Start,
            TemplateVersionId = planned.Version,
            Reason = "cli",
            LogLevel = logLevel,
            RichParameterValues = planned.Values,
        };
        return new WorkspacesApi(client).BuildAsync(workspace.Id, build, cancellationToken);
    }

    private async Task<CliResult<NamedValueJson[]>> ResolveAsync(
        CoderClient client, WorkspaceJson workspace, Guid version, GivenStart given, CancellationToken cancellationToken)
    {
        if (!(await new TemplatesApi(client).GetParametersAsync(version, cancellationToken)).Is(out var parameters, out var error))
        {
            return error;
        }

        var lasting = given.Once.Keys.FirstOrDefault(
            name => Array.Exists(parameters, parameter => parameter.Name == name && !parameter.Ephemeral));
        if (lasting is not null)
        {
            return new CliError(
                $"The parameter \"{lasting}\" does not count for one start only", Hint: "Use --parameter to change it for good.");
        }

        var all = new Dictionary<string, string>(given.Parameters.Values, StringComparer.Ordinal);
        foreach (var (name, value) in given.Once)
        {
            all[name] = value;
        }

        if (!(await new WorkspacesApi(client).GetValuesAsync(workspace.LatestBuild.Id, cancellationToken)).Is(out var before, out error))
        {
            return error;
        }

        var known = before
            .Select(value => value.Name ?? "")
            .Where(name => Array.Exists(parameters, parameter => parameter.Name == name && !parameter.Ephemeral))
            .ToHashSet(StringComparer.Ordinal);
        var resolved = await new ParameterValues(_context.Terminal).ResolveAsync(
            parameters, given.Parameters with { Values = all }, known, cancellationToken);
        return JudgesValues && resolved.Is(out var values, out _) && Judge(parameters, values) is { } unfit ? unfit : resolved;
    }

    private static CliError? Judge(ParameterJson[] parameters, NamedValueJson[] values)
    {
        var unfit = values
            .Select(value => (Parameter: Array.Find(parameters, parameter => parameter.Name == value.Name), value.Value))
            .Where(pair => pair.Parameter is not null && ParameterCheck.Judge(pair.Parameter, pair.Value ?? "") is not null)
            .Select(pair => new ValidationJson(pair.Parameter!.Name, $"takes {ParameterCheck.Describe(pair.Parameter)}"))
            .ToArray();
        return unfit.Length == 0 ? null : new CliError("The template does not take these values") { Validations = unfit };
    }
}

/// <summary>Values for a start.</summary>
/// <param name="Parameters">Those that stay.</param>
/// <param name="Once">Those that count for this start only.</param>
internal sealed record GivenStart(GivenParameters Parameters, Dictionary<string, string> Once)
{
    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => Parameters.IsEmpty && Once.Count == 0;
}

/// <summary>What a start is asked for.</summary>
/// <param name="Version">The version of the template; <see langword="null"/>: the server decides.</param>
/// <param name="Values">What was chosen.</param>
internal sealed record PlannedStart(Guid? Version, NamedValueJson[] Values);
