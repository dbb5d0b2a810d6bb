using System.Text.Json.Serialization;
using Coder.Api.Swagger;
using Coder.Domain.PortShares;
using Coder.Domain.Templates;

namespace Coder.Api.PortShares;

/// <summary>The shared ports of a workspace.</summary>
/// <param name="Shares">By agent and port.</param>
public sealed record WorkspaceAgentPortSharesJson(IReadOnlyList<WorkspaceAgentPortShareJson> Shares);

/// <summary>A port of an agent that others than the owner of the workspace may open.</summary>
/// <param name="WorkspaceId">The workspace.</param>
/// <param name="AgentName">The agent.</param>
/// <param name="Port">9 to 65535.</param>
/// <param name="ShareLevel">Who may open it.</param>
/// <param name="Protocol">How it is spoken to.</param>
public sealed record WorkspaceAgentPortShareJson(
    Guid WorkspaceId,
    string AgentName,
    int Port,
    [property: WireNames(typeof(AppSharingLevel))] string ShareLevel,
    [property: WireNames(typeof(PortProtocol))] string Protocol)
{
    internal static WorkspaceAgentPortShareJson From(PortShare share) =>
        new(share.WorkspaceId, share.AgentName, share.Port, share.Level.WireName(), share.Protocol.WireName());
}

/// <summary>Shares a port, or changes how it is shared.</summary>
/// <param name="AgentName">The agent, one of the latest build.</param>
/// <param name="Port">9 to 65535.</param>
/// <param name="ShareLevel">Who may open it; not the owner alone.</param>
/// <param name="Protocol">How it is spoken to.</param>
public sealed record UpsertWorkspaceAgentPortShareRequestJson(
    string? AgentName,
    int? Port,
    [property: WireNames(typeof(AppSharingLevel))] string? ShareLevel,
    [property: WireNames(typeof(PortProtocol))] string? Protocol);

/// <summary>Shares a port no longer.</summary>
/// <param name="AgentName">The agent.</param>
/// <param name="Port">The port.</param>
public sealed record DeleteWorkspaceAgentPortShareRequestJson(string? AgentName, int? Port);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WorkspaceAgentPortSharesJson))]
[JsonSerializable(typeof(UpsertWorkspaceAgentPortShareRequestJson))]
[JsonSerializable(typeof(DeleteWorkspaceAgentPortShareRequestJson))]
internal sealed partial class PortSharesJsonContext : JsonSerializerContext;
