using System.Text.Json;
using System.Text.Json.Nodes;
using Coder.Cli.Provisionerd.Terraform;

namespace Coder.Cli.Tests.Provisionerd.Terraform;

/// <summary>Writes plans and states as <c>terraform show -json</c> does.</summary>
internal sealed class Documents
{
    private readonly JsonArray _resources = [];
    private readonly JsonArray _configured = [];

    public JsonObject Modules { get; } = [];

    public JsonArray Children { get; } = [];

    public Dictionary<string, IReadOnlyList<string>> Locals { get; } = [];

    /// <summary>Adds an instance of a resource, such as <c>coder_agent.main[0]</c>.</summary>
    /// <param name="address">In the root module.</param>
    /// <param name="values">Its attributes, as JSON.</param>
    /// <param name="references">Of a plan: attribute and what it refers to.</param>
    /// <param name="dependsOn">Of a state.</param>
    public Documents Add(string address, string values, (string Attribute, string[] To)[]? references = null, string[]? dependsOn = null)
    {
        var (type, name) = Names(address);
        var resource = new JsonObject
        {
            ["address"] = address,
            ["mode"] = "managed",
            ["type"] = type,
            ["name"] = name,
            ["values"] = JsonNode.Parse(values),
        };
        if (address.IndexOf('[', StringComparison.Ordinal) is > 0 and var at)
        {
            resource["index"] = JsonNode.Parse(address[(at + 1)..^1]);
        }

        if (dependsOn is not null)
        {
            resource["depends_on"] = new JsonArray([.. dependsOn.Select(node => (JsonNode)node)]);
        }

        _resources.Add(resource);
        Configure(address.Split('[')[0], references ?? []);
        return this;
    }

    /// <summary>Adds a data source that is only configured.</summary>
    public Documents Configure(string address, params (string Attribute, string[] To)[] references)
    {
        var (type, name) = Names(address.StartsWith("data.", StringComparison.Ordinal) ? address["data.".Length..] : address);
        _configured.Add(Configuration(address, type, name, references));
        return this;
    }

    public static JsonObject Configuration(string address, string type, string name, params (string Attribute, string[] To)[] references) => new()
    {
        ["address"] = address,
        ["mode"] = address.StartsWith("data.", StringComparison.Ordinal) ? "data" : "managed",
        ["type"] = type,
        ["name"] = name,
        ["expressions"] = new JsonObject(references.Select(r => KeyValuePair.Create(r.Attribute, (JsonNode?)Expression(r.To)))),
    };

    public static JsonObject Expression(params string[] to) => new() { ["references"] = new JsonArray([.. to.Select(node => (JsonNode)node)]) };

    public TerraformDocument Plan() => TerraformDocument.OfPlan(
        JsonSerializer.SerializeToElement(new JsonObject
        {
            ["planned_values"] = new JsonObject { ["root_module"] = Root() },
            ["configuration"] = new JsonObject
            {
                ["root_module"] = new JsonObject { ["resources"] = _configured.DeepClone(), ["module_calls"] = Modules.DeepClone() },
            },
        }),
        Locals);

    public TerraformDocument State() => TerraformDocument.OfState(
        JsonSerializer.SerializeToElement(new JsonObject { ["values"] = new JsonObject { ["root_module"] = Root() } }));

    private JsonObject Root() => new() { ["resources"] = _resources.DeepClone(), ["child_modules"] = Children.DeepClone() };

    private static (string Type, string Name) Names(string address) => address.Split('[')[0].Split('.') is [var type, var name]
        ? (type, name)
        : throw new ArgumentException("No address", nameof(address));
}
