using Coder.Cli.Common;

namespace Coder.Cli.Provisionerd.Terraform;

/// <summary>The import of a template: plans a start and a stop, and reads what the template asks for and makes.</summary>
internal sealed class TerraformImport(TerraformSettings settings, TemplateSource source, string folder, IJobLog log, TimeProvider time)
{
    private const string Stage = "Importing template";
    private const string MissingCode = "REQUIRED_TEMPLATE_VARIABLES";
    private static readonly Dictionary<string, string> NoAgents = [];

    internal async Task<JobOutcome> RunAsync(ImportJson import, CancellationToken stop)
    {
        var values = (import.UserVariableValues ?? []).Where(value => value is { Name: not null, Value: not null })
            .ToDictionary(value => value.Name!, value => value.Value!, StringComparer.Ordinal);
        if (source.Missing(values) is { Count: > 0 } missing)
        {
            var error = $"The template has required variables without a value: {string.Join(", ", missing.Select(name => $"\"{name}\""))}.";
            log.Write("error", Stage, error);
            return new JobOutcome.Failed(error) { ErrorCode = MissingCode, Variables = source.Variables };
        }

        var given = source.Given(import.UserVariableValues ?? []);
        if (await Commands("start", given).InitAsync(stop) is { } failed)
        {
            return new JobOutcome.Failed(failed.Message);
        }

        if (!(await PlanAsync("start", given, stop)).Is(out var start, out failed)
            || !(await PlanAsync("stop", given, stop)).Is(out var stopped, out failed))
        {
            return new JobOutcome.Failed(failed.Detail is null ? failed.Message : $"{failed.Message}: {failed.Detail}");
        }

        var read = ResourceReader.Read(start, isStarted: true);
        foreach (var warning in read.Warnings)
        {
            log.Write("warn", Stage, warning);
        }

        return new JobOutcome.Done(new CompleteJobJson
        {
            Variables = source.Variables,
            Parameters = InputReader.Parameters(start),
            Presets = InputReader.Presets(start),
            StartResources = read.Resources,
            StopResources = ResourceReader.Read(stopped, isStarted: false).Resources,
            Readme = source.Readme,
            AiTask = read.AiTask,
        });
    }

    private Task<CliResult<TerraformDocument>> PlanAsync(
        string transition, IReadOnlyDictionary<string, string> given, CancellationToken stop) =>
        Commands(transition, given).PlanAsync(transition, source.Locals, stop);

    private TerraformCommands Commands(string transition, IReadOnlyDictionary<string, string> given) => new(
        new TerraformProcess(settings, folder, TerraformEnvironment.Of(settings, transition, null, given, NoAgents), time), log);
}
