using Coder.Domain.Provisioning;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;

namespace Coder.Application.Provisioning;

/// <summary>What a built-in daemon does with a job: it writes the log, waits, and then either fails the job or completes it.</summary>
/// <typeparam name="T">What a job of this type leaves.</typeparam>
internal sealed record EchoPlan<T>
    where T : class
{
    /// <summary>Written before the delay.</summary>
    public IReadOnlyList<JobLogLine> Log { get; init; } = [];

    /// <summary>At most 10 minutes.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Why the job fails; empty: it does not.</summary>
    public string Error { get; init; } = "";

    /// <summary>Why, for programs; mostly absent.</summary>
    public JobErrorCode? ErrorCode { get; init; }

    /// <summary>What it leaves; absent exactly when it fails.</summary>
    public T? Result { get; init; }
}

/// <summary>A resource of the build before, by what makes it the same one.</summary>
internal readonly record struct ResourceKey(string Type, string Name);

/// <summary>Provisions from the manifest alone (docs/spec/workspaces.md, section 4): manifest and facts in, what to do out.</summary>
internal static class EchoProvisioner
{
    private const string ImportStage = "Importing template";

    /// <summary>Plans the import of a template version.</summary>
    /// <param name="source">What the archive holds.</param>
    /// <param name="given">The values of the template's variables that somebody gave.</param>
    /// <param name="at">The time of the log lines.</param>
    public static EchoPlan<ImportResult> Import(TemplateSource source, IReadOnlyDictionary<string, string> given, DateTimeOffset at)
    {
        if (source.Manifest is not { } utf8)
        {
            return Failed<ImportResult>(ImportStage, TemplateManifest.MissingError, [], at);
        }

        if (!TemplateManifestParser.TryParse(utf8, out var manifest, out var problems))
        {
            return Failed<ImportResult>(ImportStage, problems[0].JobError, problems, at);
        }

        if (!ParameterResolution.ResolveVariables(manifest.Variables, given).Is(out _, out var error))
        {
            return Failed<ImportResult>(ImportStage, error.Message, [], at) with
            {
                ErrorCode = error.Detail == ParameterResolution.RequiredVariablesCode ? JobErrorCode.RequiredTemplateVariables : null,
            };
        }

        var result = new ImportResult
        {
            Parameters = manifest.Parameters,
            Presets = manifest.Presets,
            Variables = manifest.Variables,
            StartResources = manifest.ResourcesAfter(WorkspaceTransition.Start),
            StopResources = manifest.ResourcesAfter(WorkspaceTransition.Stop),
            Readme = source.Readme,
            AiTask = manifest.AiTask,
        };
        return Planned(manifest.Provision, ProvisionPhase.Import, ImportStage, result, [], at);
    }

    /// <summary>Plans a build.</summary>
    /// <param name="source">What the archive holds.</param>
    /// <param name="values">What placeholders stand for.</param>
    /// <param name="before">The resources that the workspace has.</param>
    /// <param name="at">The time of the log lines.</param>
    public static EchoPlan<BuildResult> Build(
        TemplateSource source, PlaceholderValues values, IReadOnlySet<ResourceKey> before, DateTimeOffset at)
    {
        var stage = StageOf(values.Transition);
        if (source.Manifest is not { } utf8)
        {
            return Failed<BuildResult>(stage, TemplateManifest.MissingError, [], at);
        }

        if (!TemplateManifestParser.TryExpand(utf8, values, out var manifest, out var problems))
        {
            return Failed<BuildResult>(stage, problems[0].JobError, problems, at);
        }

        var resources = manifest.ResourcesAfter(values.Transition);
        return Planned(
            manifest.Provision,
            PhaseOf(values.Transition),
            stage,
            new BuildResult { Resources = resources, AiTask = manifest.AiTask },
            Changes(resources, before),
            at);
    }

    private static EchoPlan<T> Planned<T>(
        ManifestProvision provision, ProvisionPhase phase, string stage, T result, IEnumerable<string> changes, DateTimeOffset at)
        where T : class
    {
        var log = provision.Logs.Where(line => line.Phase == phase)
            .Select(line => new JobLogLine(at, LogSource.Provisioner, line.Level, line.Stage.Length > 0 ? line.Stage : stage, line.Output));
        var plan = new EchoPlan<T> { Delay = provision.Delays.GetValueOrDefault(phase) };
        return provision.Failures.GetValueOrDefault(phase) is { Length: > 0 } failure
            ? plan with { Log = [.. log, Line(stage, LogLevel.Error, failure, at)], Error = failure }
            : plan with { Log = [.. log, .. changes.Select(change => Line(stage, LogLevel.Info, change, at))], Result = result };
    }

    private static EchoPlan<T> Failed<T>(string stage, string error, IReadOnlyList<ManifestProblem> problems, DateTimeOffset at)
        where T : class
    {
        var lines = problems.Count == 0 ? [error] : problems.Take(ManifestProblem.MaximumLogLines).Select(problem => problem.ToString());
        return new EchoPlan<T> { Log = [.. lines.Select(text => Line(stage, LogLevel.Error, text, at))], Error = error };
    }

    private static IEnumerable<string> Changes(IReadOnlyList<ManifestResource> resources, IReadOnlySet<ResourceKey> before)
    {
        var after = resources.Select(resource => new ResourceKey(resource.Type, resource.Name)).ToList();
        return after.Select(key => $"{key.Type}.{key.Name}: {(before.Contains(key) ? "kept" : "created")}")
            .Concat(before.Except(after).OrderBy(key => key.Type, StringComparer.Ordinal).ThenBy(key => key.Name, StringComparer.Ordinal)
                .Select(key => $"{key.Type}.{key.Name}: removed"));
    }

    private static JobLogLine Line(string stage, LogLevel level, string text, DateTimeOffset at) =>
        new(at, LogSource.Provisioner, level, stage, text);

    private static ProvisionPhase PhaseOf(WorkspaceTransition transition) => transition switch
    {
        WorkspaceTransition.Start => ProvisionPhase.Start,
        WorkspaceTransition.Stop => ProvisionPhase.Stop,
        WorkspaceTransition.Delete => ProvisionPhase.Delete,
        _ => throw new ArgumentOutOfRangeException(nameof(transition)),
    };

    private static string StageOf(WorkspaceTransition transition) => transition switch
    {
        WorkspaceTransition.Start => "Starting workspace",
        WorkspaceTransition.Stop => "Stopping workspace",
        WorkspaceTransition.Delete => "Deleting workspace",
        _ => throw new ArgumentOutOfRangeException(nameof(transition)),
    };
}
