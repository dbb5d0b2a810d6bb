using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Coder.Api.Swagger;
using Coder.Domain.Workspaces;

namespace Coder.Api.Workspaces;

/// <summary>Renames a workspace.</summary>
/// <param name="Name">1 to 32 letters, digits and single hyphens; empty leaves it as it is.</param>
public sealed record UpdateWorkspaceRequestJson(string? Name);

/// <summary>Sets when a workspace is started.</summary>
/// <param name="Schedule">Minute, hour, <c>*</c>, <c>*</c>, days of the week, after an optional <c>CRON_TZ=zone</c>; null for never.</param>
public sealed record UpdateWorkspaceAutostartRequestJson(string? Schedule);

/// <summary>Sets how long a workspace runs after a start.</summary>
/// <param name="TtlMs">Milliseconds, cut to minutes; null or 0 for until somebody stops it.</param>
public sealed record UpdateWorkspaceTTLRequestJson(long? TtlMs);

/// <summary>Sets when a running workspace is stopped.</summary>
/// <param name="Deadline">At least half an hour from now.</param>
public sealed record PutExtendWorkspaceRequestJson([property: Required] DateTimeOffset? Deadline);

/// <summary>Takes a workspace for unused, or back into use.</summary>
/// <param name="Dormant">Whether it is unused.</param>
public sealed record UpdateWorkspaceDormancyJson(bool? Dormant);

/// <summary>Sets whether a workspace moves to new versions of its template by itself.</summary>
/// <param name="AutomaticUpdates">Whether it does at each start.</param>
public sealed record UpdateWorkspaceAutomaticUpdatesRequestJson([property: WireNames(typeof(AutomaticUpdates))] string? AutomaticUpdates);

/// <summary>Says that somebody uses a workspace. Both fields are given, or none.</summary>
/// <param name="AgentId">The agent that is used.</param>
/// <param name="AppName">What it is used with.</param>
public sealed record PostWorkspaceUsageRequestJson(
    Guid? AgentId, [property: DocumentedTexts("vscode", "jetbrains", "reconnecting-pty", "ssh")] string? AppName);

/// <summary>What starting a workspace by its schedule would run into.</summary>
/// <param name="ParameterMismatch">Whether a newer version would be started that asks for other values than the last build had.</param>
public sealed record ResolveAutostartResponseJson(bool ParameterMismatch);

/// <summary>What a user spends on workspaces in an organization.</summary>
/// <param name="CreditsConsumed">Credits a day.</param>
/// <param name="Budget">Credits that the groups of the user allow together; -1 for any number.</param>
public sealed record WorkspaceQuotaJson(long CreditsConsumed, long Budget);

/// <summary>Something that happened to what is watched.</summary>
/// <param name="Type">data brings a workspace, error the reason why there is none, ping nothing.</param>
/// <param name="Data">The workspace, or the reason.</param>
public sealed record ServerSentEventJson([property: DocumentedTexts("ping", "data", "error")] string Type, object? Data)
{
    /// <summary>A sign of life.</summary>
    public static ServerSentEventJson Ping { get; } = new("ping", null);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WorkspacesResponseJson))]
[JsonSerializable(typeof(WorkspaceJson))]
[JsonSerializable(typeof(UpdateWorkspaceRequestJson))]
[JsonSerializable(typeof(UpdateWorkspaceAutostartRequestJson))]
[JsonSerializable(typeof(UpdateWorkspaceTTLRequestJson))]
[JsonSerializable(typeof(PutExtendWorkspaceRequestJson))]
[JsonSerializable(typeof(UpdateWorkspaceDormancyJson))]
[JsonSerializable(typeof(UpdateWorkspaceAutomaticUpdatesRequestJson))]
[JsonSerializable(typeof(PostWorkspaceUsageRequestJson))]
[JsonSerializable(typeof(ResolveAutostartResponseJson))]
[JsonSerializable(typeof(WorkspaceQuotaJson))]
[JsonSerializable(typeof(ServerSentEventJson))]
[JsonSerializable(typeof(WorkspaceAclJson))]
[JsonSerializable(typeof(UpdateWorkspaceAclJson))]
internal sealed partial class WorkspacesJsonContext : JsonSerializerContext;
