using System.Text.Json;

namespace Coder.Cli.Provisionerd.Terraform;

/// <summary>
/// What refers to what in a template, by addresses without keys of instances. The nodes are resources and, between them, the variables and
/// outputs of modules and the locals of the root module.
/// </summary>
/// <remarks>
/// A plan has the configuration with the references of each expression; a state has only a list of the resources that each one depends on.
/// Both fill the same graph. Locals of other modules are unknown, so that a plan may miss a way through them, which the state then has.
/// </remarks>
internal sealed class ReferenceGraph
{
    private static readonly string[] NoResources = ["each", "count", "path", "self", "terraform", "local", "var", "module", "data"];

    private readonly Dictionary<string, HashSet<string>> _edges = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Resource, string Attribute), List<string>> _attributes = [];

    /// <summary>Adds the configuration of a plan.</summary>
    /// <param name="configuration">The member <c>configuration</c>.</param>
    /// <param name="locals">What the locals of the root module refer to.</param>
    internal void AddConfiguration(Attributes configuration, IReadOnlyDictionary<string, IReadOnlyList<string>> locals)
    {
        if (configuration.Blocks("root_module") is [var root])
        {
            AddModule(root, "");
        }

        foreach (var (name, references) in locals)
        {
            Add($"local.{name}", references.Select(reference => Resolve(reference, "")));
        }
    }

    /// <summary>Adds what a resource of a state depends on.</summary>
    internal void AddDependencies(string resource, IEnumerable<string> dependencies) =>
        Add(resource, dependencies.Select(Address.WithoutKeys));

    /// <summary>All that a resource refers to, over however many steps.</summary>
    internal IReadOnlySet<string> Behind(string resource)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(Next(resource));
        while (open.TryPop(out var node))
        {
            if (found.Add(node))
            {
                foreach (var next in Next(node))
                {
                    open.Push(next);
                }
            }
        }

        return found;
    }

    /// <summary>The resources that one attribute of a resource names, through variables, outputs and locals but not through resources.</summary>
    internal IReadOnlySet<string> Named(string resource, string attribute)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(_attributes.GetValueOrDefault((resource, attribute)) ?? []);
        while (open.TryPop(out var node))
        {
            if (!seen.Add(node))
            {
                continue;
            }

            if (IsResource(node))
            {
                found.Add(node);
                continue;
            }

            foreach (var next in Next(node))
            {
                open.Push(next);
            }
        }

        return found;
    }

    private static bool IsResource(string node)
    {
        var steps = node.Split('.');
        var at = 0;
        while (at + 1 < steps.Length && steps[at] == "module")
        {
            at += 2;
        }

        return at < steps.Length && steps[at] is not ("var" or "output" or "local");
    }

    private static string? Resolve(string reference, string module)
    {
        var steps = Address.Steps(reference);
        return steps switch
        {
            ["module", var name, var output, ..] => $"{module}module.{name}.output.{output}",
            ["var", var name, ..] => $"{module}var.{name}",
            ["local", var name, ..] => $"{module}local.{name}",
            ["data", var type, var name, ..] => $"{module}data.{type}.{name}",
            [var type, var name, ..] when !NoResources.Contains(type, StringComparer.Ordinal) => $"{module}{type}.{name}",
            _ => null,
        };
    }

    private HashSet<string> Next(string node) => _edges.TryGetValue(node, out var next) ? next : [];

    private void Add(string node, IEnumerable<string?> targets)
    {
        if (!_edges.TryGetValue(node, out var edges))
        {
            _edges[node] = edges = new HashSet<string>(StringComparer.Ordinal);
        }

        edges.UnionWith(targets.OfType<string>().Where(target => target != node));
    }

    private void AddModule(Attributes module, string prefix)
    {
        foreach (var resource in module.Blocks("resources"))
        {
            AddResource(resource, prefix);
        }

        foreach (var (name, output) in module.Members("outputs"))
        {
            Add($"{prefix}output.{name}", References(output).Select(reference => Resolve(reference, prefix)));
        }

        foreach (var (name, call) in module.Members("module_calls"))
        {
            var inner = $"{prefix}module.{name}.";
            foreach (var (variable, expression) in new Attributes(call).Members("expressions"))
            {
                Add($"{inner}var.{variable}", References(expression).Select(reference => Resolve(reference, prefix)));
            }

            if (new Attributes(call).Blocks("module") is [var child])
            {
                AddModule(child, inner);
            }
        }
    }

    private void AddResource(Attributes resource, string prefix)
    {
        if (resource.Text("address") is not { } address)
        {
            return;
        }

        var node = prefix + Address.WithoutKeys(address);
        foreach (var (attribute, expression) in resource.Members("expressions"))
        {
            _attributes[(node, attribute)] = [.. References(expression).Select(reference => Resolve(reference, prefix)).OfType<string>()];
            Add(node, _attributes[(node, attribute)]);
        }

        string[] others = ["count_expression", "for_each_expression", "provisioners"];
        Add(node, others.Select(resource.Find).OfType<JsonElement>().SelectMany(References).Select(reference => Resolve(reference, prefix)));
        Add(node, resource.Texts("depends_on").Select(reference => Resolve(reference, prefix)));
    }

    /// <summary>All references anywhere in an expression, which may be a tree of blocks.</summary>
    private static IEnumerable<string> References(JsonElement expression) => expression.ValueKind switch
    {
        JsonValueKind.Array => expression.EnumerateArray().SelectMany(References),
        JsonValueKind.Object => expression.EnumerateObject().SelectMany(member => member.Name == "references"
            ? new Attributes(expression).Texts("references")
            : References(member.Value)),
        _ => [],
    };
}
