using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Coder.Api.Swagger;

namespace Coder.Api.WorkspaceProxies;

/// <summary>Adds a proxy.</summary>
/// <param name="Name">1 to 32 letters, digits and single hyphens; <c>primary</c> is the deployment itself.</param>
/// <param name="DisplayName">The name for people; at most 64 characters.</param>
/// <param name="Icon">A picture.</param>
public sealed record CreateWorkspaceProxyRequestJson([property: Required] string? Name, string? DisplayName, string? Icon);

/// <summary>Changes a proxy.</summary>
/// <param name="Id">The id of the proxy; what the path says counts.</param>
/// <param name="Name">The new name; empty for the old one.</param>
/// <param name="DisplayName">The new name for people.</param>
/// <param name="Icon">The new picture.</param>
/// <param name="RegenerateToken">Whether to make a new token; the old one ends at once.</param>
public sealed record PatchWorkspaceProxyJson(
    [property: Required] Guid? Id,
    [property: Required] string? Name,
    [property: Required] string? DisplayName,
    [property: Required] string? Icon,
    bool? RegenerateToken);

/// <summary>A proxy and its token.</summary>
/// <param name="Proxy">The proxy.</param>
/// <param name="ProxyToken">The token, shown this once; empty when the old one stays.</param>
public sealed record UpdateWorkspaceProxyResponseJson(WorkspaceProxyJson Proxy, string ProxyToken);

/// <summary>A server near the users of a region that carries their connections to workspaces.</summary>
/// <param name="Id">Never changes; that of the primary is the id of the deployment.</param>
/// <param name="Name">Unique without regard to case.</param>
/// <param name="DisplayName">The name for people; may be empty.</param>
/// <param name="IconUrl">A picture; may be empty.</param>
/// <param name="Healthy">Whether it can be used now.</param>
/// <param name="PathAppUrl">Where it serves; empty until it registers itself.</param>
/// <param name="WildcardHostname">Such as <c>*.eu.example.com</c> for applications on subdomains; may be empty.</param>
/// <param name="DerpEnabled">Whether it relays connections; never.</param>
/// <param name="DerpOnly">Whether it does nothing else; never.</param>
/// <param name="Status">What is known of it.</param>
/// <param name="CreatedAt">When it was added; year 1 for the primary.</param>
/// <param name="UpdatedAt">When it last changed.</param>
/// <param name="Deleted">Always false: a deleted proxy is not shown.</param>
/// <param name="Version">What it runs; empty until it registers itself.</param>
public sealed record WorkspaceProxyJson(
    Guid Id,
    string Name,
    string DisplayName,
    string IconUrl,
    bool Healthy,
    string PathAppUrl,
    string WildcardHostname,
    bool DerpEnabled,
    bool DerpOnly,
    WorkspaceProxyStatusJson Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    bool Deleted,
    string Version);

/// <summary>What is known of a proxy.</summary>
/// <param name="Status">Whether it can be used.</param>
/// <param name="Report">Findings.</param>
/// <param name="CheckedAt">When this was so.</param>
public sealed record WorkspaceProxyStatusJson(
    [property: DocumentedTexts("ok", "unreachable", "unhealthy", "unregistered")] string Status,
    ProxyHealthReportJson Report,
    DateTimeOffset CheckedAt);

/// <summary>Findings about a proxy.</summary>
/// <param name="Errors">What makes it unusable.</param>
/// <param name="Warnings">What somebody should look at.</param>
public sealed record ProxyHealthReportJson(IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings);

/// <summary>All proxies.</summary>
/// <param name="Regions">The primary first, then by name.</param>
public sealed record WorkspaceProxiesJson(IReadOnlyList<WorkspaceProxyJson> Regions);

/// <summary>Where users can connect.</summary>
/// <param name="Id">The id of the deployment.</param>
/// <param name="Name">The name.</param>
/// <param name="DisplayName">The name for people.</param>
/// <param name="IconUrl">A picture; may be empty.</param>
/// <param name="Healthy">Whether it can be used now.</param>
/// <param name="PathAppUrl">Where it serves.</param>
/// <param name="WildcardHostname">Such as <c>*.example.com</c> for applications on subdomains; may be empty.</param>
public sealed record RegionJson(
    Guid Id, string Name, string DisplayName, string IconUrl, bool Healthy, string PathAppUrl, string WildcardHostname);

/// <summary>All regions.</summary>
/// <param name="Regions">The primary only: proxies do not register themselves yet.</param>
public sealed record RegionsJson(IReadOnlyList<RegionJson> Regions);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CreateWorkspaceProxyRequestJson))]
[JsonSerializable(typeof(PatchWorkspaceProxyJson))]
[JsonSerializable(typeof(UpdateWorkspaceProxyResponseJson))]
[JsonSerializable(typeof(WorkspaceProxiesJson))]
[JsonSerializable(typeof(RegionsJson))]
internal sealed partial class WorkspaceProxiesJsonContext : JsonSerializerContext;
