using System.Text.Json;
using Coder.Cli.Common;

namespace Coder.Cli.Provisionerd.Terraform;

/// <summary>Does the jobs of templates that are written in Terraform.</summary>
internal sealed class TerraformProvisioner(TerraformSettings settings, TimeProvider time) : IProvisioner
{
    // It may name another file than the one that goes back to the server.
    private const string LocalBackend =
        "The template has a backend \"local\", and its state would be lost with the folder of the job. Leave the backend out.";

    /// <inheritdoc/>
    public string Name => "terraform";

    /// <inheritdoc/>
    public Task<JobOutcome> RunAsync(AcquiredJobJson job, string folder, IJobLog log, CancellationToken stop)
    {
        if (settings.PluginCache is not null)
        {
            Directory.CreateDirectory(settings.PluginCache);
        }

        var source = TemplateSource.Read(folder);
        if (source.Backend == "local")
        {
            return Task.FromResult<JobOutcome>(new JobOutcome.Failed(LocalBackend));
        }

        return job switch
        {
            { WorkspaceBuild: { } build } => new TerraformBuild(settings, source, folder, log, time).RunAsync(build, stop),
            { TemplateImport: { } import } => new TerraformImport(settings, source, folder, log, time).RunAsync(import, stop),
            { TemplateDryRun: { } dryRun, Job.Id: var id } =>
                new TerraformDryRun(settings, source, folder, log, time).RunAsync(id, dryRun, stop),
            _ => Task.FromResult<JobOutcome>(new JobOutcome.Failed($"A Terraform daemon does no jobs of the type {job.Job?.Type}.")),
        };
    }
}

/// <summary>The commands of one job, each with its lines in the job's log.</summary>
internal sealed class TerraformCommands(TerraformProcess process, IJobLog log)
{
    private const string Unnamed = "see the log of the job";

    /// <summary>Downloads providers and modules.</summary>
    internal Task<CliError?> InitAsync(CancellationToken stop) =>
        RunAsync("Initializing Terraform", ["init", "-input=false", "-no-color", "-json"], stop);

    /// <summary>Runs a command whose output are messages.</summary>
    /// <returns>The first error that it told of.</returns>
    internal async Task<CliError?> RunAsync(string stage, IReadOnlyList<string> arguments, CancellationToken stop)
    {
        string? first = null;
        var ended = await process.RunAsync(
            arguments,
            line =>
            {
                var lines = TerraformLog.Read(line, out var problem);
                foreach (var read in lines)
                {
                    log.Write(read.Level, stage, read.Output);
                }

                first ??= problem;
            },
            Errors(stage),
            stop);
        return !ended.Is(out var code, out var error) ? error
            : code != 0 ? new CliError($"terraform {arguments[0]} failed: {first ?? Unnamed}")
            : null;
    }

    /// <summary>Finds out what a start or stop would make.</summary>
    /// <param name="transition">Which of them; the environment says so too.</param>
    /// <param name="locals">What the locals of the root module refer to.</param>
    /// <param name="stop">Interrupts it.</param>
    internal async Task<CliResult<TerraformDocument>> PlanAsync(
        string transition, IReadOnlyDictionary<string, IReadOnlyList<string>> locals, CancellationToken stop)
    {
        var stage = $"Planning a {transition}";
        var file = $"{transition}.tfplan";
        if (await RunAsync(stage, ["plan", "-input=false", "-no-color", "-json", $"-out={file}"], stop) is { } failed)
        {
            return failed;
        }

        return (await ShowAsync(stage, file, stop)).Is(out var shown, out var error) ? TerraformDocument.OfPlan(shown, locals) : error;
    }

    /// <summary>Prints a plan, or the state.</summary>
    internal async Task<CliResult<JsonElement>> ShowAsync(string stage, string? plan, CancellationToken stop)
    {
        string[] arguments = plan is null ? ["show", "-json", "-no-color"] : ["show", "-json", "-no-color", plan];
        var shown = await process.CaptureAsync(arguments, Errors(stage), stop);
        if (!shown.Is(out var text, out var error))
        {
            return error;
        }

        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return new CliError("What terraform show printed is no JSON");
        }
    }

    private Action<string> Errors(string stage) => line =>
    {
        if (line.Length > 0)
        {
            log.Write("error", stage, line);
        }
    };
}
