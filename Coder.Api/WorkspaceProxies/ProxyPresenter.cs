using Coder.Api.Configuration;
using Coder.Api.Deployment;
using Coder.Application.Common;
using Coder.Application.WorkspaceProxies;
using Coder.Domain.WorkspaceProxies;

namespace Coder.Api.WorkspaceProxies;

/// <summary>Adds to a proxy what only the running server knows.</summary>
internal sealed class ProxyPresenter(AccessUrl accessUrl, CoderSettings settings, IDeployment deployment, TimeProvider time)
{
    /// <summary>The deployment itself as the one region.</summary>
    public RegionsJson Regions()
    {
        var primary = Present(WorkspaceProxy.Primary(deployment.Id));
        return new RegionsJson(
        [
            new RegionJson(
                primary.Id, primary.Name, primary.DisplayName, primary.IconUrl, primary.Healthy, primary.PathAppUrl, primary.WildcardHostname),
        ]);
    }

    /// <summary>A list.</summary>
    public WorkspaceProxiesJson Present(IReadOnlyList<WorkspaceProxy> proxies) => new([.. proxies.Select(Present)]);

    /// <summary>A proxy with its token.</summary>
    public UpdateWorkspaceProxyResponseJson Present(ProxyWithToken proxy) => new(Present(proxy.Proxy), proxy.Token?.Reveal() ?? "");

    /// <summary>One proxy. Nothing but the primary can be used: proxies do not register themselves with this server yet.</summary>
    public WorkspaceProxyJson Present(WorkspaceProxy proxy) => new(
        proxy.Id,
        proxy.Name,
        proxy.DisplayName,
        proxy.Icon,
        Healthy: proxy.IsPrimary,
        proxy.IsPrimary ? accessUrl.Value : proxy.Url,
        proxy.IsPrimary ? settings.WildcardAccessUrl : proxy.WildcardHostname,
        DerpEnabled: false,
        DerpOnly: false,
        new WorkspaceProxyStatusJson(proxy.IsPrimary ? "ok" : "unregistered", new ProxyHealthReportJson([], []), time.GetUtcNow()),
        proxy.CreatedAt,
        proxy.UpdatedAt,
        Deleted: false,
        proxy.IsPrimary ? ProductVersion.Text : proxy.Version);
}
