using System.Text.Json;

namespace Coder.Cli.Provisionerd.Terraform;

/// <summary>A resource or data source, one instance of it.</summary>
internal sealed class TerraformResource
{
    /// <summary>With the keys of instances.</summary>
    public required string Address { get; init; }

    /// <summary>Without them.</summary>
    public required string Node { get; init; }

    /// <summary>The address of its module, with the keys of instances; empty for the root.</summary>
    public required string Module { get; init; }

    /// <summary>Whether it is only read.</summary>
    public required bool IsData { get; init; }

    public required string Type { get; init; }

    public required string Name { get; init; }

    /// <summary>The key of this instance as JSON; empty when there is only one.</summary>
    public required string Key { get; init; }

    public required Attributes Values { get; init; }
}

/// <summary>What <c>terraform show -json</c> prints of a plan or a state.</summary>
/// <remarks>Format of the documents: https://developer.hashicorp.com/terraform/internals/json-format.</remarks>
internal sealed class TerraformDocument
{
    private static readonly Dictionary<string, IReadOnlyList<string>> NoLocals = [];

    private TerraformDocument(IReadOnlyList<TerraformResource> resources, ReferenceGraph graph)
    {
        Resources = resources;
        Graph = graph;
    }

    /// <summary>In the order of the document.</summary>
    public IReadOnlyList<TerraformResource> Resources { get; }

    public ReferenceGraph Graph { get; }

    /// <summary>Reads a plan: what there will be, with the values that are known already, and the data that was read for it.</summary>
    /// <param name="root">The document.</param>
    /// <param name="locals">What the locals of the root module refer to.</param>
    internal static TerraformDocument OfPlan(JsonElement root, IReadOnlyDictionary<string, IReadOnlyList<string>>? locals = null)
    {
        var plan = new Attributes(root);
        var graph = new ReferenceGraph();
        if (plan.Blocks("configuration") is [var configuration])
        {
            graph.AddConfiguration(configuration, locals ?? NoLocals);
        }

        var planned = Values(plan, "planned_values", graph);
        var known = planned.Select(resource => resource.Address).ToHashSet(StringComparer.Ordinal);
        var read = plan.Blocks("prior_state") is [var prior] ? Values(prior, "values", graph) : [];
        return new TerraformDocument([.. planned, .. read.Where(resource => resource.IsData && !known.Contains(resource.Address))], graph);
    }

    /// <summary>Reads a state: what there is.</summary>
    internal static TerraformDocument OfState(JsonElement root)
    {
        var graph = new ReferenceGraph();
        return new TerraformDocument(Values(new Attributes(root), "values", graph), graph);
    }

    private static List<TerraformResource> Values(Attributes document, string member, ReferenceGraph graph)
    {
        var resources = new List<TerraformResource>();
        if (document.Blocks(member) is [var values] && values.Blocks("root_module") is [var root])
        {
            AddModule(root, "", resources, graph);
        }

        return resources;
    }

    private static void AddModule(Attributes module, string address, List<TerraformResource> resources, ReferenceGraph graph)
    {
        foreach (var block in module.Blocks("resources"))
        {
            if (block.Text("address") is not { } place || block.Text("type") is not { } type || block.Text("name") is not { } name)
            {
                continue;
            }

            var resource = new TerraformResource
            {
                Address = place,
                Node = Terraform.Address.WithoutKeys(place),
                Module = address,
                IsData = block.Text("mode") == "data",
                Type = type,
                Name = name,
                Key = block.Find("index")?.GetRawText() ?? "",
                Values = block.Blocks("values") is [var values] ? values : default,
            };
            resources.Add(resource);
            graph.AddDependencies(resource.Node, block.Texts("depends_on"));
        }

        foreach (var child in module.Blocks("child_modules"))
        {
            AddModule(child, child.Text("address") ?? "", resources, graph);
        }
    }
}
