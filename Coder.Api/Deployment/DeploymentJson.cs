using System.Text.Json.Serialization;
using Coder.Application.Deployment;

namespace Coder.Api.Deployment;

/// <summary>Whether there is a newer version.</summary>
/// <param name="Current">Always true: this server asks nobody.</param>
/// <param name="Version">The version of this server.</param>
/// <param name="Url">Empty.</param>
public sealed record UpdateCheckResponseJson(bool Current, string Version, string Url);

/// <summary>How clients write their SSH configuration.</summary>
/// <param name="HostnamePrefix">Stands before the name of a workspace.</param>
/// <param name="HostnameSuffix">Stands behind the name of a workspace, after a dot.</param>
/// <param name="SshConfigOptions">Lines that every host gets.</param>
public sealed record SshConfigResponseJson(
    string HostnamePrefix, string HostnameSuffix, IReadOnlyDictionary<string, string> SshConfigOptions);

/// <summary>How the deployment is used.</summary>
/// <param name="AggregatedFrom">Where the counted time begins.</param>
/// <param name="CollectedAt">When it was counted.</param>
/// <param name="NextUpdateAt">When it is counted again.</param>
/// <param name="Workspaces">Workspaces and their connections.</param>
/// <param name="SessionCount">Open sessions.</param>
public sealed record DeploymentStatsJson(
    DateTimeOffset AggregatedFrom,
    DateTimeOffset CollectedAt,
    DateTimeOffset NextUpdateAt,
    WorkspaceDeploymentStatsJson Workspaces,
    SessionCountDeploymentStatsJson SessionCount)
{
    internal static DeploymentStatsJson From(DeploymentStats stats)
    {
        var w = stats.Workspaces;
        return new DeploymentStatsJson(
            stats.AggregatedFrom,
            stats.CollectedAt,
            stats.NextUpdateAt,
            new WorkspaceDeploymentStatsJson(
                w.Pending,
                w.Building,
                w.Running,
                w.Failed,
                w.Stopped,
                new WorkspaceConnectionLatencyMsJson(w.LatencyP50, w.LatencyP95),
                w.RxBytes,
                w.TxBytes),
            new SessionCountDeploymentStatsJson(w.Vscode, w.Ssh, w.Jetbrains, w.ReconnectingPty));
    }
}

/// <summary>Workspaces and their connections.</summary>
/// <param name="Pending">Whose build waits.</param>
/// <param name="Building">Whose build runs.</param>
/// <param name="Running">That run.</param>
/// <param name="Failed">Whose last build failed.</param>
/// <param name="Stopped">That do not run.</param>
/// <param name="ConnectionLatencyMs">How long connections take, in milliseconds.</param>
/// <param name="RxBytes">Bytes received.</param>
/// <param name="TxBytes">Bytes sent.</param>
public sealed record WorkspaceDeploymentStatsJson(
    long Pending,
    long Building,
    long Running,
    long Failed,
    long Stopped,
    WorkspaceConnectionLatencyMsJson ConnectionLatencyMs,
    long RxBytes,
    long TxBytes);

/// <summary>How long connections take, in milliseconds.</summary>
/// <param name="P50">The middle.</param>
/// <param name="P95">What 95 of 100 stay below.</param>
public sealed record WorkspaceConnectionLatencyMsJson(
    [property: JsonPropertyName("P50")] double P50, [property: JsonPropertyName("P95")] double P95);

/// <summary>Open sessions.</summary>
/// <param name="Vscode">Of VS Code.</param>
/// <param name="Ssh">Of SSH.</param>
/// <param name="Jetbrains">Of JetBrains IDEs.</param>
/// <param name="ReconnectingPty">Of the web terminal.</param>
public sealed record SessionCountDeploymentStatsJson(long Vscode, long Ssh, long Jetbrains, long ReconnectingPty);
