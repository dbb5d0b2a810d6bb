using System.Text.Json.Serialization;
using Coder.Api.Swagger;

namespace Coder.Api.Workspaces;

/// <summary>Ports on which something listens beside an agent.</summary>
/// <param name="Ports">None: agents do not report them yet.</param>
public sealed record WorkspaceAgentListeningPortsResponseJson(IReadOnlyList<WorkspaceAgentListeningPortJson> Ports);

/// <summary>A port on which something listens.</summary>
/// <param name="ProcessName">What listens.</param>
/// <param name="Network">Such as tcp.</param>
/// <param name="Port">The number.</param>
public sealed record WorkspaceAgentListeningPortJson(string ProcessName, string Network, int Port);

/// <summary>Containers that run beside an agent.</summary>
/// <param name="Containers">None: agents do not report them yet.</param>
/// <param name="Devcontainers">None, likewise.</param>
/// <param name="Warnings">None, likewise.</param>
public sealed record WorkspaceAgentListContainersResponseJson(
    IReadOnlyList<WorkspaceAgentContainerJson> Containers,
    IReadOnlyList<WorkspaceAgentDevcontainerJson> Devcontainers,
    IReadOnlyList<string> Warnings);

/// <summary>A container.</summary>
/// <param name="Id">As the container engine names it.</param>
/// <param name="Name">The name for people.</param>
/// <param name="Image">What it was made from.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Running">Whether it runs.</param>
/// <param name="Status">In the words of the container engine.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="Ports">Its ports.</param>
/// <param name="Volumes">Paths of the machine by paths in the container.</param>
public sealed record WorkspaceAgentContainerJson(
    string Id,
    string Name,
    string Image,
    DateTimeOffset CreatedAt,
    bool Running,
    string Status,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<WorkspaceAgentContainerPortJson> Ports,
    IReadOnlyDictionary<string, string> Volumes);

/// <summary>A port of a container.</summary>
/// <param name="Port">The number in the container.</param>
/// <param name="Network">Such as tcp.</param>
/// <param name="HostIp">Where the machine listens for it.</param>
/// <param name="HostPort">The number there.</param>
public sealed record WorkspaceAgentContainerPortJson(int Port, string Network, string HostIp, int HostPort);

/// <summary>A development container.</summary>
/// <param name="Id">Never changes.</param>
/// <param name="Name">The name for people.</param>
/// <param name="WorkspaceFolder">Where its files are.</param>
/// <param name="ConfigPath">Where it is described.</param>
/// <param name="Status">What it does.</param>
/// <param name="Dirty">Whether its description has changed since it was made.</param>
/// <param name="Container">The container.</param>
/// <param name="Agent">The agent in it.</param>
/// <param name="Error">Why it does not run.</param>
public sealed record WorkspaceAgentDevcontainerJson(
    Guid Id,
    string Name,
    string WorkspaceFolder,
    string ConfigPath,
    [property: DocumentedTexts("running", "stopped", "starting", "error")] string Status,
    bool Dirty,
    WorkspaceAgentContainerJson? Container,
    WorkspaceAgentDevcontainerAgentJson? Agent,
    string? Error);

/// <summary>The agent in a development container.</summary>
/// <param name="Id">The agent.</param>
/// <param name="Name">Its name.</param>
/// <param name="Directory">Where its sessions begin.</param>
public sealed record WorkspaceAgentDevcontainerAgentJson(Guid Id, string Name, string Directory);

/// <summary>A message about what an agent measures.</summary>
/// <param name="Type">What the message is.</param>
/// <param name="Data">All that was measured last. Nothing: agents do not report it yet.</param>
public sealed record AgentMetadataMessageJson(
    [property: DocumentedTexts("ping", "data", "error")] string Type, IReadOnlyList<WorkspaceAgentMetadataJson> Data)
{
    internal static AgentMetadataMessageJson Nothing { get; } = new("data", []);
}

/// <summary>Something that an agent measures.</summary>
/// <param name="Result">What was measured last.</param>
/// <param name="Description">What is measured.</param>
public sealed record WorkspaceAgentMetadataJson(WorkspaceAgentMetadataResultJson Result, WorkspaceAgentMetadataDescriptionJson Description);

/// <summary>What was measured last.</summary>
/// <param name="CollectedAt">When.</param>
/// <param name="Age">Seconds since then.</param>
/// <param name="Value">The result.</param>
/// <param name="Error">Why there is none; may be empty.</param>
public sealed record WorkspaceAgentMetadataResultJson(DateTimeOffset CollectedAt, long Age, string Value, string Error);

/// <summary>What is measured.</summary>
/// <param name="DisplayName">The name for people.</param>
/// <param name="Key">Unique for the agent.</param>
/// <param name="Script">How it is measured.</param>
/// <param name="Interval">Seconds between two measurements.</param>
/// <param name="Timeout">Seconds that one may take.</param>
public sealed record WorkspaceAgentMetadataDescriptionJson(string DisplayName, string Key, string Script, long Interval, long Timeout);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WorkspaceAgentListeningPortsResponseJson))]
[JsonSerializable(typeof(WorkspaceAgentListContainersResponseJson))]
[JsonSerializable(typeof(AgentMetadataMessageJson))]
internal sealed partial class AgentInsideJsonContext : JsonSerializerContext;
