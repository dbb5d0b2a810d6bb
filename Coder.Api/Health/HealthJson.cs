using System.Text.Json.Serialization;
using Coder.Api.Swagger;
using Coder.Api.WorkspaceProxies;
using Coder.Domain.Health;

namespace Coder.Api.Health;

/// <summary>A finding.</summary>
/// <param name="Code">Known to clients, which link it to their documentation.</param>
/// <param name="Message">One sentence.</param>
public sealed record HealthMessageJson(
    [property: DocumentedTexts(
        "EUNKNOWN", "EWP01", "EWP02", "EWP04", "EDB01", "EDB02", "EWS01", "EWS02", "EWS03", "EACS01", "EACS02", "EACS03", "EACS04",
        "EDERP01", "EDERP02", "EPD01", "EPD02", "EPD03")]
    string Code,
    string Message)
{
    internal static IReadOnlyList<HealthMessageJson> From(IEnumerable<HealthMessage> messages) =>
        [.. messages.Select(m => new HealthMessageJson(m.Code, m.Message))];
}

/// <summary>The public URL, seen from this server.</summary>
/// <param name="Healthy">Whether it can be used.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Warnings">Findings.</param>
/// <param name="Dismissed">Always false.</param>
/// <param name="AccessUrl">The URL.</param>
/// <param name="Reachable">Whether anything answers there.</param>
/// <param name="StatusCode">What its <c>/healthz</c> answers; 0 when it does not.</param>
/// <param name="HealthzResponse">The beginning of that answer.</param>
/// <param name="Error">Why there is no answer; left out when there is one.</param>
public sealed record AccessUrlReportJson(
    bool Healthy,
    [property: WireNames(typeof(HealthSeverity))] string Severity,
    IReadOnlyList<HealthMessageJson> Warnings,
    bool Dismissed,
    string AccessUrl,
    bool Reachable,
    int StatusCode,
    string HealthzResponse,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error);

/// <summary>The database.</summary>
/// <param name="Healthy">Whether it can be used.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Warnings">Findings.</param>
/// <param name="Dismissed">Always false.</param>
/// <param name="Reachable">Whether it answers.</param>
/// <param name="Latency">The middle of five round trips, such as 1.25ms; empty without an answer.</param>
/// <param name="LatencyMs">The same in whole milliseconds.</param>
/// <param name="ThresholdMs">From here on it is a warning.</param>
/// <param name="Error">Why it does not answer; left out when it does.</param>
public sealed record DatabaseReportJson(
    bool Healthy,
    [property: WireNames(typeof(HealthSeverity))] string Severity,
    IReadOnlyList<HealthMessageJson> Warnings,
    bool Dismissed,
    bool Reachable,
    string Latency,
    long LatencyMs,
    long ThresholdMs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error);

/// <summary>Relays of connections. This server has none, so there is nothing that could be ill.</summary>
/// <param name="Healthy">Always true.</param>
/// <param name="Severity">Always ok.</param>
/// <param name="Warnings">None.</param>
/// <param name="Dismissed">Always false.</param>
/// <param name="Regions">None.</param>
/// <param name="NetcheckLogs">None.</param>
/// <param name="Error">Left out.</param>
/// <param name="NetcheckErr">Left out.</param>
public sealed record DerpHealthReportJson(
    bool Healthy,
    [property: WireNames(typeof(HealthSeverity))] string Severity,
    IReadOnlyList<HealthMessageJson> Warnings,
    bool Dismissed,
    IReadOnlyDictionary<string, string> Regions,
    IReadOnlyList<string> NetcheckLogs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NetcheckErr = null);

/// <summary>Provisioner daemons. They are not watched here, so there are no findings.</summary>
/// <param name="Severity">Always ok.</param>
/// <param name="Warnings">None.</param>
/// <param name="Dismissed">Always false.</param>
/// <param name="Items">None.</param>
/// <param name="Error">Left out.</param>
public sealed record ProvisionerDaemonsReportJson(
    [property: WireNames(typeof(HealthSeverity))] string Severity,
    IReadOnlyList<HealthMessageJson> Warnings,
    bool Dismissed,
    IReadOnlyList<string> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error = null);

/// <summary>WebSockets, which reach this server the same way as everything else: as far as the access URL does.</summary>
/// <param name="Healthy">Whether the access URL can be used.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Warnings">None of their own.</param>
/// <param name="Dismissed">Always false.</param>
/// <param name="Body">Empty.</param>
/// <param name="Code">0: no WebSocket is opened for a report.</param>
/// <param name="Error">Why they can not be used; left out when they can.</param>
public sealed record WebsocketReportJson(
    bool Healthy,
    [property: WireNames(typeof(HealthSeverity))] string Severity,
    IReadOnlyList<HealthMessageJson> Warnings,
    bool Dismissed,
    string Body,
    int Code,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error);

/// <summary>Workspace proxies.</summary>
/// <param name="Healthy">Always true: those that are not registered count nothing.</param>
/// <param name="Severity">Always ok.</param>
/// <param name="Warnings">None.</param>
/// <param name="Dismissed">Always false.</param>
/// <param name="WorkspaceProxies">The proxies that you may see, without the primary.</param>
/// <param name="Error">Left out.</param>
public sealed record WorkspaceProxyReportJson(
    bool Healthy,
    [property: WireNames(typeof(HealthSeverity))] string Severity,
    IReadOnlyList<HealthMessageJson> Warnings,
    bool Dismissed,
    WorkspaceProxiesJson WorkspaceProxies,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error = null);

/// <summary>How the deployment is, seen from this server.</summary>
/// <param name="Time">When it was looked at.</param>
/// <param name="Healthy">Whether everything works.</param>
/// <param name="Severity">The worst of all parts.</param>
/// <param name="Derp">Relays of connections.</param>
/// <param name="AccessUrl">The public URL.</param>
/// <param name="Websocket">WebSockets.</param>
/// <param name="Database">The database.</param>
/// <param name="WorkspaceProxy">Workspace proxies.</param>
/// <param name="ProvisionerDaemons">Provisioner daemons.</param>
/// <param name="CoderVersion">The version of this server.</param>
public sealed record HealthcheckReportJson(
    DateTimeOffset Time,
    bool Healthy,
    [property: WireNames(typeof(HealthSeverity))] string Severity,
    DerpHealthReportJson Derp,
    AccessUrlReportJson AccessUrl,
    WebsocketReportJson Websocket,
    DatabaseReportJson Database,
    WorkspaceProxyReportJson WorkspaceProxy,
    ProvisionerDaemonsReportJson ProvisionerDaemons,
    string CoderVersion);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HealthcheckReportJson))]
internal sealed partial class HealthReportJsonContext : JsonSerializerContext;
