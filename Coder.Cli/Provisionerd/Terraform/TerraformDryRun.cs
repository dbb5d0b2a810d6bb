namespace Coder.Cli.Provisionerd.Terraform;

/// <summary>A dry run: plans a start with the values of whoever asks, and reads what it would make. Nothing is made.</summary>
internal sealed class TerraformDryRun(TerraformSettings settings, TemplateSource source, string folder, IJobLog log, TimeProvider time)
{
    private const string Start = "start";
    private static readonly Dictionary<string, string> NoAgents = [];

    internal async Task<JobOutcome> RunAsync(Guid job, DryRunJson dryRun, CancellationToken stop)
    {
        var environment = TerraformEnvironment.Of(
            settings, Start, dryRun.AsBuild(job), source.Given(dryRun.VariableValues ?? []), NoAgents);
        var commands = new TerraformCommands(new TerraformProcess(settings, folder, environment, time), log);
        if (await commands.InitAsync(stop) is { } failed)
        {
            return new JobOutcome.Failed(failed.Message);
        }

        if (!(await commands.PlanAsync(Start, source.Locals, stop)).Is(out var plan, out failed))
        {
            return new JobOutcome.Failed(failed.Detail is null ? failed.Message : $"{failed.Message}: {failed.Detail}");
        }

        var read = ResourceReader.Read(plan, isStarted: true);
        foreach (var warning in read.Warnings)
        {
            log.Write("warn", "Planning a start", warning);
        }

        return new JobOutcome.Done(new CompleteJobJson { Resources = read.Resources });
    }
}
