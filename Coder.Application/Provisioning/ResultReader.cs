using System.Text.Json;
using System.Text.Json.Nodes;
using Coder.Domain.Common;
using Coder.Domain.Templates;

namespace Coder.Application.Provisioning;

/// <summary>The result of a job as a daemon wrote it: parts of a manifest. What is absent is null.</summary>
public sealed record WrittenResult
{
    /// <summary>Whether the server reads the manifest itself.</summary>
    public bool FromManifest { get; init; }

    /// <summary>Of imports.</summary>
    public JsonElement? Parameters { get; init; }

    /// <summary>Of imports.</summary>
    public JsonElement? Presets { get; init; }

    /// <summary>Of imports.</summary>
    public JsonElement? Variables { get; init; }

    /// <summary>Of imports: what a started workspace has.</summary>
    public JsonElement? StartResources { get; init; }

    /// <summary>Of imports: what a stopped workspace has.</summary>
    public JsonElement? StopResources { get; init; }

    /// <summary>Of imports.</summary>
    public string? Readme { get; init; }

    /// <summary>Of builds.</summary>
    public JsonElement? Resources { get; init; }

    /// <summary>Of builds: base64.</summary>
    public string? State { get; init; }

    /// <summary>As in a manifest.</summary>
    public JsonElement? AiTask { get; init; }
}

/// <summary>Reads results with the readers of the manifest (docs/spec/workspaces.md, section 5).</summary>
internal static class ResultReader
{
    public static Result<ImportResult> Import(WrittenResult written)
    {
        if (written.FromManifest)
        {
            return new ImportResult { FromManifest = true };
        }

        var problems = new List<ManifestProblem>();
        var inputs = Inputs(written, problems);
        var start = Resources(written.StartResources, "$.start_resources", problems);
        var stop = Resources(written.StopResources, "$.stop_resources", problems);
        var task = AiTask(written.AiTask, start, problems);
        return problems.Count > 0
            ? Refusal(problems)
            : new ImportResult
            {
                Parameters = inputs.Parameters,
                Presets = inputs.Presets,
                Variables = inputs.Variables,
                StartResources = start,
                StopResources = stop,
                Readme = written.Readme,
                AiTask = task,
            };
    }

    public static Result<BuildResult> Build(WrittenResult written)
    {
        var problems = new List<ManifestProblem>();
        var state = State(written.State, problems);
        var resources = written.FromManifest ? [] : Resources(written.Resources, "$.resources", problems);
        var task = written.FromManifest ? null : AiTask(written.AiTask, resources, problems);
        return problems.Count > 0
            ? Refusal(problems)
            : new BuildResult { FromManifest = written.FromManifest, Resources = resources, State = state, AiTask = task };
    }

    /// <summary>Reads a state that came with a failure or a cancellation.</summary>
    public static Result<ReadOnlyMemory<byte>?> State(string? base64)
    {
        var problems = new List<ManifestProblem>();
        var state = State(base64, problems);
        return problems.Count > 0 ? Refusal(problems) : Result<ReadOnlyMemory<byte>?>.From(state);
    }

    /// <summary>Reads variables that came with a failure.</summary>
    public static Result<IReadOnlyList<TemplateVariable>> Variables(JsonElement? list)
    {
        var problems = new List<ManifestProblem>();
        var inputs = Inputs(new WrittenResult { Variables = list }, problems);
        return problems.Count > 0 ? Refusal(problems) : Result<IReadOnlyList<TemplateVariable>>.From(inputs.Variables);
    }

    private static ReadOnlyMemory<byte>? State(string? base64, List<ManifestProblem> problems)
    {
        if (base64 is null)
        {
            return null;
        }

        var bytes = new byte[(base64.Length / 4 * 3) + 3];
        if (Convert.TryFromBase64String(base64, bytes, out var length))
        {
            return bytes.AsMemory(0, length);
        }

        problems.Add(new ManifestProblem("$.state", "must be base64"));
        return null;
    }

    private static TemplateInputs Inputs(WrittenResult written, List<ManifestProblem> problems)
    {
        var inputs = new JsonObject();
        Add("variables", written.Variables);
        Add("parameters", written.Parameters);
        Add("presets", written.Presets);
        if (TemplateManifestParser.TryReadInputs(JsonSerializer.SerializeToElement(inputs), "$", out var read, out var found))
        {
            return read;
        }

        problems.AddRange(found);
        return new TemplateInputs();

        void Add(string name, JsonElement? value)
        {
            if (value is { ValueKind: not JsonValueKind.Null } given)
            {
                inputs[name] = JsonSerializer.SerializeToNode(given);
            }
        }
    }

    private static IReadOnlyList<ManifestResource> Resources(JsonElement? list, string path, List<ManifestProblem> problems)
    {
        if (list is not { ValueKind: not JsonValueKind.Null } given)
        {
            return [];
        }

        if (TemplateManifestParser.TryReadResources(given, path, out var read, out var found))
        {
            return read;
        }

        problems.AddRange(found);
        return [];
    }

    private static AppReference? AiTask(JsonElement? task, IReadOnlyList<ManifestResource> resources, List<ManifestProblem> problems)
    {
        if (task is not { ValueKind: not JsonValueKind.Null } given)
        {
            return null;
        }

        var text = given.ValueKind == JsonValueKind.Object && given.TryGetProperty("sidebar_app", out var app)
            && app.ValueKind == JsonValueKind.String ? app.GetString()! : "";
        if (text.Split('/') is [var agent, var slug]
            && resources.SelectMany(r => r.Agents).Any(a => a.Name == agent && a.Apps.Any(offered => offered.Slug == slug)))
        {
            return new AppReference(agent, slug);
        }

        problems.Add(new ManifestProblem("$.ai_task.sidebar_app", "must be the agent/slug of an app"));
        return null;
    }

    private static Error Refusal(List<ManifestProblem> problems) =>
        Error.ValidationFailed([.. problems.Take(ManifestProblem.MaximumLogLines).Select(p => new FieldError(p.Path, p.Text))]);
}
