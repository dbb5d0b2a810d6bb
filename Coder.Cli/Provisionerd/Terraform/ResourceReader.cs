namespace Coder.Cli.Provisionerd.Terraform;

/// <summary>What a document says there is.</summary>
/// <param name="Resources">With their agents.</param>
/// <param name="AiTask">The app that shows an AI task, if the template is for one.</param>
/// <param name="Warnings">What the server does not know or nobody can place, as sentences.</param>
internal sealed record ReadResources(IReadOnlyList<ResourceJson> Resources, AiTaskJson? AiTask, IReadOnlyList<string> Warnings);

/// <summary>Reads the resources of a plan or state, and puts agents, apps and the rest to where they belong.</summary>
/// <remarks>
/// An agent belongs to the resource that uses it: of the resources that refer to it over however many steps (a container that has the
/// token in its environment, a machine whose <c>cloudinit_config</c> holds the script), the nearest, that is one that refers to no other of
/// them; of several the first in the document, and of its instances the one with the agent's own key. An agent that nothing refers to is
/// shown as a resource itself in a started workspace; in a stopped one nothing runs it, so that it is left out. What names an agent (<c>coder_app</c> and so on) is found by the id, or before there is one by what the
/// attribute refers to.
/// </remarks>
internal sealed class ResourceReader
{
    private const string AgentType = "coder_agent";
    private const string ExternalAgentType = "coder_external_agent";
    private const string Owned = "coder_";
    private static readonly string[] Parts = ["coder_app", "coder_script", "coder_env", "coder_devcontainer"];

    private readonly ReferenceGraph _graph;
    private readonly List<TerraformResource> _managed;
    private readonly List<TerraformResource> _agents;
    private readonly List<TerraformResource> _owners;
    private readonly List<string> _warnings = [];

    private readonly bool _isStarted;

    private ResourceReader(TerraformDocument document, bool isStarted)
    {
        _isStarted = isStarted;
        _graph = document.Graph;
        _managed = [.. document.Resources.Where(resource => !resource.IsData)];
        _agents = [.. _managed.Where(resource => resource.Type == AgentType)];
        _owners = [.. _managed.Where(resource => resource.Type == ExternalAgentType || !resource.Type.StartsWith(Owned, StringComparison.Ordinal))];
    }

    /// <summary>Reads a document.</summary>
    /// <param name="document">A plan or a state.</param>
    /// <param name="isStarted">Whether the workspace is started in it.</param>
    internal static ReadResources Read(TerraformDocument document, bool isStarted) => new ResourceReader(document, isStarted).Read();

    private ReadResources Read()
    {
        var parts = Parts.SelectMany(Place).ToLookup(placed => placed.Agent.Address, placed => placed.Part, StringComparer.Ordinal);
        var agents = _agents.Select(agent => (Owner: OwnerOf(agent), Agent: AgentReader.Agent(agent, parts[agent.Address]), Source: agent))
            .Where(agent => agent.Owner is not null || _isStarted)
            .ToList();
        var metadata = Metadata();
        var resources = _owners.Select(owner => Resource(
            owner, metadata.GetValueOrDefault(owner.Address), [.. agents.Where(a => a.Owner == owner).Select(a => a.Agent)])).ToList();
        foreach (var (_, agent, source) in agents.Where(a => a.Owner is null))
        {
            _warnings.Add($"No resource refers to {source.Address}; it is shown as a resource itself.");
            resources.Add(Resource(source, metadata.GetValueOrDefault(source.Address), [agent]));
        }

        return new ReadResources(resources, AiTask([.. agents.Select(a => a.Source)], parts), _warnings);
    }

    private static ResourceJson Resource(TerraformResource resource, TerraformResource? metadata, IReadOnlyList<AgentJson> agents) => new()
    {
        Type = resource.Type,
        Name = resource.Name,
        Icon = metadata?.Values.Text("icon"),
        Hide = metadata?.Values.Flag("hide") ?? false,
        DailyCost = metadata?.Values.Number("daily_cost") ?? 0,
        Metadata = metadata is null
            ? []
            : [.. metadata.Values.Blocks("item").Where(item => item.Text("key") is { Length: > 0 })
                .Select(item => new MetadataJson(item.Text("key")!, item.Text("value") ?? "", item.Flag("sensitive") ?? false))
                .DistinctBy(item => item.Key, StringComparer.Ordinal)],
        Agents = agents,
    };

    private TerraformResource? OwnerOf(TerraformResource agent)
    {
        var behind = _owners.DistinctBy(owner => owner.Node, StringComparer.Ordinal)
            .ToDictionary(owner => owner.Node, owner => _graph.Behind(owner.Node), StringComparer.Ordinal);
        var users = behind.Where(pair => pair.Value.Contains(agent.Node)).Select(pair => pair.Key).ToList();
        var nearest = users.Find(user => !users.Exists(other => other != user && behind[user].Contains(other)));
        return nearest is null ? null : Instance(_owners.Where(owner => owner.Node == nearest), agent);
    }

    /// <summary>Of the instances of one resource the one that goes with an instance of another.</summary>
    private static TerraformResource? Instance(IEnumerable<TerraformResource> instances, TerraformResource other) => instances
        .OrderByDescending(instance => instance.Module == other.Module)
        .ThenByDescending(instance => instance.Key == other.Key)
        .FirstOrDefault();

    private IEnumerable<(TerraformResource Part, TerraformResource Agent)> Place(string type)
    {
        foreach (var part in _managed.Where(resource => resource.Type == type))
        {
            if (Target(part, "agent_id", _agents) is not { } agent)
            {
                _warnings.Add($"{part.Address} names no agent of the template and is left out.");
            }
            else if (type == "coder_devcontainer")
            {
                _warnings.Add($"{part.Address} is left out: this server starts no dev containers.");
            }
            else if (type == "coder_app" && part.Values.Text("slug") is null)
            {
                _warnings.Add($"{part.Address} is left out as long as its slug is not known.");
            }
            else
            {
                yield return (part, agent);
            }
        }
    }

    /// <summary>The resource that an attribute names: by the id that it holds, else by what it refers to.</summary>
    private TerraformResource? Target(TerraformResource part, string attribute, IReadOnlyList<TerraformResource> among)
    {
        var id = part.Values.Text(attribute);
        if (id is not null && among.FirstOrDefault(resource => resource.Values.Text("id") == id) is { } exact)
        {
            return exact;
        }

        var named = _graph.Named(part.Node, attribute);
        var nodes = named.Count > 0 ? named : _graph.Behind(part.Node);
        return Instance(among.Where(resource => nodes.Contains(resource.Node)), part);
    }

    private Dictionary<string, TerraformResource> Metadata()
    {
        var metadata = new Dictionary<string, TerraformResource>(StringComparer.Ordinal);
        foreach (var facts in _managed.Where(resource => resource.Type == "coder_metadata"))
        {
            if (Target(facts, "resource_id", [.. _owners, .. _agents]) is not { } resource)
            {
                _warnings.Add($"{facts.Address} names no resource of the template and is left out.");
            }
            else if (!metadata.TryAdd(resource.Address, facts))
            {
                _warnings.Add($"{facts.Address} is left out: {resource.Address} has metadata already.");
            }
        }

        return metadata;
    }

    private AiTaskJson? AiTask(IReadOnlyList<TerraformResource> agents, ILookup<string, TerraformResource> parts)
    {
        if (_managed.Find(resource => resource.Type == "coder_ai_task") is not { } task)
        {
            return null;
        }

        var apps = agents
            .SelectMany(agent => parts[agent.Address].Where(part => part.Type == "coder_app").Select(app => (Agent: agent, App: app)))
            .ToList();
        var id = task.Values.Text("app_id") ?? (task.Values.Blocks("sidebar_app") is [var sidebar, ..] ? sidebar.Text("id") : null);
        var named = _graph.Named(task.Node, "app_id").Concat(_graph.Named(task.Node, "sidebar_app")).ToHashSet(StringComparer.Ordinal);
        var nodes = named.Count > 0 ? named : _graph.Behind(task.Node);
        var found = apps.Find(app => id is not null && app.App.Values.Text("id") == id) is { App: not null } exact
            ? exact
            : apps.Find(app => nodes.Contains(app.App.Node));
        if (found.App is null)
        {
            _warnings.Add($"{task.Address} names no app of the template and is left out.");
            return null;
        }

        return new AiTaskJson($"{found.Agent.Name}/{found.App.Values.Text("slug")}");
    }
}
