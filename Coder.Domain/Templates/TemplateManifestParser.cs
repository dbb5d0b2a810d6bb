using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Coder.Domain.Provisioning;

namespace Coder.Domain.Templates;

/// <summary>
/// Reads <c>coder-template.json</c>, and the parts of it that external daemons send (docs/spec/workspaces.md, sections 4 and 5).
/// </summary>
/// <remarks>
/// Every problem is found at once and has its JSON path, in the order of the table in the specification. Comments and trailing commas
/// are allowed in the file, unknown keys are problems, and <c>null</c> is the same as an absent key.
/// </remarks>
public static class TemplateManifestParser
{
    private const string Root = "$";

    private static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads a manifest at the import: placeholders are checked and stay as they are.</summary>
    /// <param name="utf8">The file.</param>
    /// <param name="manifest">The manifest, on success.</param>
    /// <param name="problems">Everything that is wrong, otherwise; the first one is the error of the job.</param>
    public static bool TryParse(
        ReadOnlyMemory<byte> utf8,
        [NotNullWhen(true)] out TemplateManifest? manifest,
        out IReadOnlyList<ManifestProblem> problems) => TryParse(utf8, null, out manifest, out problems);

    /// <summary>Reads a manifest for a build: placeholders have their values, and the limits are those of the values.</summary>
    /// <param name="utf8">The file.</param>
    /// <param name="values">What placeholders stand for in this build.</param>
    /// <param name="manifest">The manifest, on success.</param>
    /// <param name="problems">Everything that is wrong, otherwise; the first one is the error of the job.</param>
    public static bool TryExpand(
        ReadOnlyMemory<byte> utf8,
        PlaceholderValues values,
        [NotNullWhen(true)] out TemplateManifest? manifest,
        out IReadOnlyList<ManifestProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(values);
        return TryParse(utf8, values, out manifest, out problems);
    }

    /// <summary>Reads the resources that a daemon made. Nothing in them is a placeholder, and equal names are allowed.</summary>
    /// <param name="resources">A list as in a manifest.</param>
    /// <param name="path">Where it stands in the request, such as <c>$.resources</c>.</param>
    /// <param name="read">The resources, on success.</param>
    /// <param name="problems">Everything that is wrong, otherwise.</param>
    public static bool TryReadResources(
        JsonElement resources,
        string path,
        [NotNullWhen(true)] out IReadOnlyList<ManifestResource>? read,
        out IReadOnlyList<ManifestProblem> problems)
    {
        var reading = new ManifestReading();
        var list = ManifestNode.ReadItems(resources, path, reading, new ManifestResourceReader(areMade: true).Resource);
        problems = reading.Problems;
        read = problems.Count == 0 ? list : null;
        return read is not null;
    }

    /// <summary>Reads what a daemon found at an import.</summary>
    /// <param name="inputs">An object with <c>variables</c>, <c>parameters</c>, <c>presets</c> as in a manifest, and nothing else.</param>
    /// <param name="path">Where it stands in the request, such as <c>$</c>.</param>
    /// <param name="read">The lists, on success.</param>
    /// <param name="problems">Everything that is wrong, otherwise.</param>
    public static bool TryReadInputs(
        JsonElement inputs,
        string path,
        [NotNullWhen(true)] out TemplateInputs? read,
        out IReadOnlyList<ManifestProblem> problems)
    {
        var reading = new ManifestReading();
        var found = ManifestNode.Read(inputs, path, reading, ManifestInputReader.Inputs);
        problems = reading.Problems;
        read = problems.Count == 0 ? found : null;
        return read is not null;
    }

    private static bool TryParse(
        ReadOnlyMemory<byte> utf8,
        PlaceholderValues? values,
        [NotNullWhen(true)] out TemplateManifest? manifest,
        out IReadOnlyList<ManifestProblem> problems)
    {
        manifest = null;
        var reading = new ManifestReading();
        problems = reading.Problems;
        if (utf8.Length > TemplateManifest.MaximumBytes)
        {
            reading.Add(Root, "must have at most 1 MiB");
            return false;
        }

        if (!Utf8.IsValid(utf8.Span))
        {
            reading.Add(Root, "is not UTF-8");
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(WithoutMark(utf8), Options);
            var read = ManifestNode.Read(document.RootElement, Root, reading, node => Manifest(node, reading, values));
            manifest = problems.Count == 0 ? read : null;
            return manifest is not null;
        }
        catch (JsonException e)
        {
            reading.Add(Root, string.Create(
                CultureInfo.InvariantCulture,
                $"is not JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}"));
            return false;
        }
    }

    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> utf8) =>
        utf8.Span.StartsWith("\uFEFF"u8) ? utf8["\uFEFF"u8.Length..] : utf8;

    private static TemplateManifest Manifest(ManifestNode node, ManifestReading reading, PlaceholderValues? values)
    {
        if (!node.Has("version"))
        {
            node.Complain("version", "is required");
        }
        else if (node.NumberOrNull("version") is not (null or 1))
        {
            node.Complain("version", "must be 1");
        }

        var inputs = ManifestInputReader.Inputs(node);
        reading.Placeholders = (values ?? NamesOf(inputs)).Find;
        reading.KeepsPlaceholders = values is null;
        var resources = node.Items("resources", new ManifestResourceReader(areMade: false).Resource);
        reading.Placeholders = null;
        return new TemplateManifest
        {
            Variables = inputs.Variables,
            Parameters = inputs.Parameters,
            Presets = inputs.Presets,
            Resources = resources,
            AiTask = node.Object("ai_task", task => App(task, resources)),
            Provision = node.Object("provision", Provision) ?? new ManifestProvision(),
        };
    }

    /// <summary>At the import there are no values; only the names must be those of a build.</summary>
    private static PlaceholderValues NamesOf(TemplateInputs inputs) => new()
    {
        WorkspaceId = Guid.Empty,
        WorkspaceName = "",
        Transition = default,
        OwnerId = Guid.Empty,
        OwnerName = "",
        OwnerEmail = "",
        Parameters = Blank(inputs.Parameters.Select(p => p.Name)),
        Variables = Blank(inputs.Variables.Select(v => v.Name)),
    };

    private static Dictionary<string, string> Blank(IEnumerable<string> names) =>
        names.Distinct(StringComparer.Ordinal).ToDictionary(name => name, _ => "", StringComparer.Ordinal);

    private static AppReference? App(ManifestNode node, List<ManifestResource> resources)
    {
        var text = node.RequiredText("sidebar_app");
        var reference = text.Split('/') is [var agent, var slug] ? new AppReference(agent, slug) : null;
        var exists = reference is not null && resources.SelectMany(resource => resource.Agents)
            .Any(a => a.Name == reference.Agent && a.Apps.Any(app => app.Slug == reference.Slug));
        if (text.Length > 0 && !exists)
        {
            node.Complain("sidebar_app", "must be the agent/slug of an app");
        }

        return reference;
    }

    private static ManifestProvision Provision(ManifestNode node) => new()
    {
        Delays = node.Object("delay_ms", Delays) ?? [],
        Logs = node.Items("logs", log => new ProvisionLog(
            log.RequiredChoice<ProvisionPhase>("phase", ProvisionPhases.WireName),
            log.Choice("level", LogLevels.WireName, LogLevel.Info),
            log.Text("stage", JobLog.MaximumStage),
            log.Text("output"))),
        Failures = node.Object("fail", Failures) ?? [],
    };

    private static Dictionary<ProvisionPhase, TimeSpan> Delays(ManifestNode node) => Enum.GetValues<ProvisionPhase>().ToDictionary(
        phase => phase,
        phase => TimeSpan.FromMilliseconds(
            node.Number(phase.WireName(), minimum: 0, maximum: (int)ManifestProvision.MaximumDelay.TotalMilliseconds)));

    private static Dictionary<ProvisionPhase, string> Failures(ManifestNode node) => Enum.GetValues<ProvisionPhase>()
        .Where(phase => node.Has(phase.WireName()))
        .ToDictionary(phase => phase, phase => node.RequiredText(phase.WireName()));
}
