using System.Text;
using System.Text.RegularExpressions;

namespace Coder.Cli.Provisionerd.Terraform;

/// <summary>
/// What the files of a template say before Terraform runs: the variables, which Terraform would ask for, and what locals refer to, which
/// Terraform's documents leave out.
/// </summary>
internal sealed partial record TemplateSource
{
    private const string ReadmeName = "README.md";
    private const string JsonSuffix = ".json";
    private const int LargestFile = 4 * 1024 * 1024;

    /// <summary>The variables that the template leaves open, by name.</summary>
    public IReadOnlyList<VariableJson> Variables { get; init; } = [];

    /// <summary>What the locals of the root module refer to, by name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Locals { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>Where the template keeps its state itself: the type of its backend; <see langword="null"/>: the daemon carries it.</summary>
    public string? Backend { get; init; }

    /// <summary>The readme in the root.</summary>
    public string? Readme { get; init; }

    /// <summary>Reads the root of a template.</summary>
    internal static TemplateSource Read(string folder)
    {
        var files = Directory.EnumerateFiles(folder)
            .Where(path => new FileInfo(path).Length <= LargestFile)
            .OrderBy(path => path, StringComparer.Ordinal)
            .ToList();
        return Of(Read(files, IsSource, HclReader.Read, HclJson.Read), Read(files, IsValues, HclReader.Read, HclJson.ReadValues)) with
        {
            Readme = files.Find(path => Path.GetFileName(path) == ReadmeName) is { } readme
                ? Encoding.UTF8.GetString(File.ReadAllBytes(readme)).TrimStart('\uFEFF').Replace('\0', '\uFFFD')
                : null,
        };
    }

    /// <summary>Reads the texts of files. Those that can not be read are left to Terraform.</summary>
    /// <param name="sources">Files <c>*.tf</c>.</param>
    /// <param name="values">Files in which the template gives values to its own variables; nobody else is asked for them.</param>
    internal static TemplateSource Of(IEnumerable<string> sources, IEnumerable<string> values) =>
        Of(sources.Select(HclReader.Read).OfType<HclBody>(), values.Select(HclReader.Read).OfType<HclBody>());

    private static TemplateSource Of(IEnumerable<HclBody> sources, IEnumerable<HclBody> values)
    {
        var given = values.SelectMany(body => body.Attributes).Select(attribute => attribute.Name).ToHashSet(StringComparer.Ordinal);
        var blocks = sources.SelectMany(body => body.Blocks).ToList();
        var locals = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var local in blocks.Where(block => block.Type == "locals").SelectMany(block => block.Body.Attributes))
        {
            locals[local.Name] = [.. Reference().Matches(local.Expression).Select(match => match.Value)];
        }

        return new TemplateSource
        {
            Variables = [.. blocks.Where(block => block is { Type: "variable", Labels.Count: 1 } && !given.Contains(block.Labels[0]))
                .Select(Variable).OfType<VariableJson>()
                .DistinctBy(variable => variable.Name, StringComparer.Ordinal).OrderBy(variable => variable.Name, StringComparer.Ordinal)],
            Locals = locals,
            Backend = blocks.Where(block => block.Type == "terraform").SelectMany(block => block.Body.Blocks)
                .FirstOrDefault(block => block.Type is "backend" or "cloud") is { } backend
                ? backend.Labels is [var type, ..] ? type : backend.Type
                : null,
        };
    }

    /// <summary>The variables that nobody has given a value.</summary>
    internal IReadOnlyList<string> Missing(IReadOnlyDictionary<string, string> given) =>
        [.. Variables.Where(variable => variable.Required && !given.ContainsKey(variable.Name)).Select(variable => variable.Name)];

    /// <summary>The values that differ from what the template says itself; the others need not be passed on.</summary>
    internal IReadOnlyDictionary<string, string> Given(IEnumerable<NamedValueJson> values)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var value in values)
        {
            var variable = Variables.FirstOrDefault(variable => variable.Name == value.Name);
            if (variable is not null && value.Value is not null && (variable.Required || value.Value != (variable.DefaultValue ?? "")))
            {
                given[variable.Name] = value.Value;
            }
        }

        return given;
    }

    private static IEnumerable<HclBody> Read(
        IEnumerable<string> files, Func<string, bool> isOne, Func<string, HclBody?> read, Func<string, HclBody?> readJson) => files
        .Select(path => (Path: path, IsJson: path.EndsWith(JsonSuffix, StringComparison.Ordinal)))
        .Where(file => isOne(file.IsJson ? file.Path[..^JsonSuffix.Length] : file.Path))
        .Select(file => (file.IsJson ? readJson : read)(File.ReadAllText(file.Path)))
        .OfType<HclBody>();

    private static bool IsSource(string path) => path.EndsWith(".tf", StringComparison.Ordinal);

    private static bool IsValues(string path) => Path.GetFileName(path) is var name
        && (name == "terraform.tfvars" || name.EndsWith(".auto.tfvars", StringComparison.Ordinal));

    /// <summary>
    /// A variable as the server knows it. Values of other types than its three are texts in Terraform's language, as in the environment;
    /// one without a type whose default is no single value can not be given in that way, and keeps its default.
    /// </summary>
    private static VariableJson? Variable(HclBlock block)
    {
        var expression = block.Body.Expression("default");
        var type = block.Body.Expression("type")?.Trim('"');
        var value = expression is null or "null" ? null : HclLiteral.Scalar(expression) ?? expression;
        return type is null && expression is not (null or "null") && HclLiteral.Scalar(expression) is null
            ? null
            : new VariableJson(
                block.Labels[0],
                HclLiteral.Scalar(block.Body.Expression("description") ?? "\"\"")?.Trim() ?? "",
                type is "number" or "bool" ? type : "string",
                value,
                Required: expression is null,
                Sensitive: block.Body.Expression("sensitive") == "true");
    }

    [GeneratedRegex(@"[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z_][A-Za-z0-9_-]*(?:\[[^\]]*\])?)+", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
