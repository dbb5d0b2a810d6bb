using Coder.Application.Common;
using Coder.Application.Deployment;
using Coder.Application.WorkspaceProxies;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Health;
using Coder.Domain.WorkspaceProxies;
using MediatR;

namespace Coder.Application.Health;

/// <summary>How the deployment is, seen from this server.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Force">Whether to look again although a report is less than ten minutes old: <c>true</c> or <c>false</c>.</param>
[RequiresPermission(ResourceType.DebugInfo, PermissionAction.Read)]
public sealed record GetHealth(Actor Actor, string? Force) : IQuery<DeploymentHealth>, IActorRequest;

/// <summary>A report, and the proxies at the time of the question.</summary>
public sealed record DeploymentHealth(HealthReport Report, IReadOnlyList<WorkspaceProxy> Proxies);

internal sealed class GetHealthHandler(HealthMonitor monitor, IDatabaseHealth database, IWorkspaceProxyStore proxies)
    : IRequestHandler<GetHealth, Result<DeploymentHealth>>
{
    public async Task<Result<DeploymentHealth>> Handle(GetHealth request, CancellationToken cancellationToken)
    {
        bool? force = request.Force?.ToLowerInvariant() switch
        {
            null or "" or "false" or "0" => false,
            "true" or "1" => true,
            _ => null,
        };
        if (force is not { } isForced)
        {
            return new Error(
                ErrorKind.Invalid,
                "Query parameters have invalid values.",
                null,
                [new FieldError("force", "Query param \"force\" must be a valid boolean")]);
        }

        var report = await monitor.ReportAsync(database, isForced, cancellationToken);
        var scope = Authorizer.ReadScope(request.Actor, ResourceType.WorkspaceProxy);
        return new DeploymentHealth(
            report, report.Database.Latency is null ? [] : await proxies.ListAsync(scope, cancellationToken));
    }
}
