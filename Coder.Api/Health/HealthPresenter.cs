using System.Globalization;
using Coder.Api.Deployment;
using Coder.Api.WorkspaceProxies;
using Coder.Application.Health;
using Coder.Domain.Health;

namespace Coder.Api.Health;

/// <summary>Turns a report into JSON.</summary>
internal sealed class HealthPresenter(ProxyPresenter proxies)
{
    private static readonly string Ok = HealthSeverity.Ok.WireName();

    public HealthcheckReportJson Present(DeploymentHealth health)
    {
        var report = health.Report;
        return new HealthcheckReportJson(
            report.Time,
            report.IsHealthy,
            report.Severity.WireName(),
            new DerpHealthReportJson(true, Ok, [], false, new Dictionary<string, string>(StringComparer.Ordinal), []),
            Present(report.AccessUrl),
            new WebsocketReportJson(
                report.AccessUrl.IsReachable,
                report.AccessUrl.Severity.WireName(),
                [],
                false,
                "",
                0,
                report.AccessUrl.IsReachable ? null : "The access URL can not be reached."),
            Present(report.Database),
            new WorkspaceProxyReportJson(true, Ok, [], false, proxies.Present(health.Proxies)),
            new ProvisionerDaemonsReportJson(Ok, [], false, []),
            ProductVersion.Text);
    }

    private static AccessUrlReportJson Present(AccessUrlHealthReport url) => new(
        url.Severity != HealthSeverity.Error,
        url.Severity.WireName(),
        HealthMessageJson.From(url.Warnings),
        false,
        url.Url,
        url.IsReachable,
        url.StatusCode ?? 0,
        url.Body,
        url.Error);

    private static DatabaseReportJson Present(DatabaseHealthReport database) => new(
        database.Severity != HealthSeverity.Error,
        database.Severity.WireName(),
        HealthMessageJson.From(database.Warnings),
        false,
        database.Latency is not null,
        database.Latency is { } latency ? string.Create(CultureInfo.InvariantCulture, $"{latency.TotalMilliseconds:0.###}ms") : "",
        (long)(database.Latency?.TotalMilliseconds ?? 0),
        (long)DatabaseHealthReport.Threshold.TotalMilliseconds,
        database.Error);
}
