using System.Text.Json;
using System.Text.Json.Serialization;
using Coder.Api.Configuration;
using Coder.Api.Http;
using Coder.Application.Common;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Coder.Api.Deployment;

/// <summary>What this server is.</summary>
/// <param name="ExternalUrl">Where to read about this version; empty for now.</param>
/// <param name="Version">The version, such as v0.1.0.</param>
/// <param name="DashboardUrl">The public URL of this deployment.</param>
/// <param name="Telemetry">Whether licenses that require telemetry are satisfied. Nothing is ever sent.</param>
/// <param name="WorkspaceProxy">Always false: this is no workspace proxy.</param>
/// <param name="AgentApiVersion">The version of the protocol that workspace agents speak.</param>
/// <param name="ProvisionerApiVersion">The version of the protocol that provisioner daemons speak.</param>
/// <param name="UpgradeMessage">A text for clients that are too old; empty.</param>
/// <param name="DeploymentId">The id of this deployment.</param>
public sealed record BuildInfoJson(
    string ExternalUrl,
    string Version,
    string DashboardUrl,
    bool Telemetry,
    bool WorkspaceProxy,
    string AgentApiVersion,
    string ProvisionerApiVersion,
    string UpgradeMessage,
    Guid DeploymentId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(BuildInfoJson))]
[JsonSerializable(typeof(CspViolationRequestJson))]
[JsonSerializable(typeof(UpdateCheckResponseJson))]
[JsonSerializable(typeof(SshConfigResponseJson))]
[JsonSerializable(typeof(DeploymentStatsJson))]
[JsonSerializable(typeof(DeploymentConfigJson))]
internal sealed partial class DeploymentJsonContext : JsonSerializerContext;

/// <summary>Says what this server is. Asks no database.</summary>
internal sealed class BuildInfo(
    CoderSettings settings, AccessUrl accessUrl, IDeployment deployment, IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json)
{
    private JsonBytesResult? _answer;

    /// <summary><see cref="Current"/> as an answer. Clients and load balancers ask often, and nothing of it changes once the server listens.</summary>
    public IActionResult Answer =>
        _answer ??= new JsonBytesResult(JsonSerializer.SerializeToUtf8Bytes(Current, json.Value.SerializerOptions));

    /// <summary>The same for every caller, once the server listens.</summary>
    public BuildInfoJson Current => new(
        "",
        ProductVersion.Text,
        accessUrl.Value,
        settings.TelemetryEnable,
        WorkspaceProxy: false,
        "1.0",
        "1.9",
        "",
        deployment.Id);

    /// <summary>Nobody is asked whether there is a newer version, so as far as this server knows there is none.</summary>
    public static UpdateCheckResponseJson UpdateCheck => new(Current: true, ProductVersion.Text, "");

    /// <summary>How clients write their SSH configuration.</summary>
    public SshConfigResponseJson Ssh => new(settings.SshHostnamePrefix, settings.WorkspaceHostnameSuffix, settings.SshConfigOptions);
}
