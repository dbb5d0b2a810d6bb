using System.Text.Json;

namespace Coder.Cli.Provisionerd.Terraform;

/// <summary>
/// A build: applies the template on the state that the last build left, or destroys what that holds. However it ends, the state that
/// Terraform has written goes back, so that nothing it made is forgotten.
/// </summary>
internal sealed class TerraformBuild(TerraformSettings settings, TemplateSource source, string folder, IJobLog log, TimeProvider time)
{
    private const string Delete = "delete";

    private string StatePath => Path.Combine(folder, "terraform.tfstate");

    internal async Task<JobOutcome> RunAsync(BuildJson build, CancellationToken stop)
    {
        if (!TryDecode(build.State, out var before))
        {
            return new JobOutcome.Failed("The state of the last build is no base64.");
        }

        var transition = build.Transition ?? "";
        var stage = transition switch { "start" => "Starting workspace", "stop" => "Stopping workspace", _ => "Deleting workspace" };
        if (transition == Delete && before.Length == 0 && source.Backend is null)
        {
            log.Write("info", stage, "There is no state: nothing was made that would have to be deleted.");
            return new JobOutcome.Done(new CompleteJobJson { Resources = [] });
        }

        if (before.Length > 0)
        {
            await WriteStateAsync(before);
        }

        var environment = TerraformEnvironment.Of(
            settings, transition, build, source.Given(build.VariableValues ?? []), AgentIds(before));
        var commands = new TerraformCommands(new TerraformProcess(settings, folder, environment, time), log);
        JobOutcome outcome;
        try
        {
            outcome = await RunAsync(commands, transition, stage, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            outcome = new JobOutcome.Stopped();
        }
        catch (Exception exception)
        {
            // A bug in the reading of what Terraform made must not make it forgotten.
            var error = $"The provisioner daemon failed to carry the job out: {exception.Message}";
            log.Write("error", stage, error);
            outcome = new JobOutcome.Failed(error);
        }

        return outcome with { State = ReadState() };
    }

    private static bool TryDecode(string? base64, out byte[] state)
    {
        state = new byte[((base64?.Length ?? 0) / 4 * 3) + 3];
        if (!Convert.TryFromBase64String(base64 ?? "", state, out var length))
        {
            return false;
        }

        state = state[..length];
        return true;
    }

    /// <summary>The ids of the agents in a state as Terraform stores it, by name.</summary>
    private static Dictionary<string, string> AgentIds(byte[] state)
    {
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        if (state.Length == 0 || Parse(state) is not { } stored)
        {
            return ids;
        }

        foreach (var agent in new Attributes(stored).Blocks("resources").Where(resource => resource.Text("type") == "coder_agent"))
        {
            foreach (var instance in agent.Blocks("instances"))
            {
                if (agent.Text("name") is { } name && instance.Blocks("attributes") is [var attributes] && attributes.Text("id") is { } id)
                {
                    ids.TryAdd(name, id);
                }
            }
        }

        return ids;
    }

    private static JsonElement? Parse(byte[] state)
    {
        try
        {
            return JsonElement.Parse(state);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<JobOutcome> RunAsync(TerraformCommands commands, string transition, string stage, CancellationToken stop)
    {
        var verb = transition == Delete ? "destroy" : "apply";
        var failed = await commands.InitAsync(stop)
            ?? await commands.RunAsync(stage, [verb, "-auto-approve", "-input=false", "-no-color", "-json"], stop);
        if (failed is not null)
        {
            return new JobOutcome.Failed(failed.Message);
        }

        if (transition == Delete)
        {
            return new JobOutcome.Done(new CompleteJobJson { Resources = [] });
        }

        if (!(await commands.ShowAsync(stage, null, stop)).Is(out var shown, out var error))
        {
            return new JobOutcome.Failed(error.Message);
        }

        var read = ResourceReader.Read(TerraformDocument.OfState(shown), isStarted: transition == "start");
        foreach (var warning in read.Warnings)
        {
            log.Write("warn", stage, warning);
        }

        return new JobOutcome.Done(new CompleteJobJson { Resources = read.Resources, AiTask = read.AiTask });
    }

    private async Task WriteStateAsync(byte[] state)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var file = new FileStream(StatePath, options);
        await file.WriteAsync(state, CancellationToken.None);
    }

    // A Terraform that was killed may have written half of it; then the state of the last build is the better one.
    private byte[]? ReadState() =>
        File.Exists(StatePath) && File.ReadAllBytes(StatePath) is var state && Parse(state) is not null ? state : null;
}
