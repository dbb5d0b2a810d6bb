using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.WorkspaceProxies;
using MediatR;

namespace Coder.Application.WorkspaceProxies;

/// <summary>The proxies that the caller may read: the primary first, then by name.</summary>
public sealed record ListWorkspaceProxies(Actor Actor) : IQuery<IReadOnlyList<WorkspaceProxy>>, IActorRequest;

internal sealed class ListWorkspaceProxiesHandler(IWorkspaceProxyStore proxies, IDeployment deployment)
    : IRequestHandler<ListWorkspaceProxies, Result<IReadOnlyList<WorkspaceProxy>>>
{
    public async Task<Result<IReadOnlyList<WorkspaceProxy>>> Handle(ListWorkspaceProxies request, CancellationToken cancellationToken)
    {
        var scope = Authorizer.ReadScope(request.Actor, ResourceType.WorkspaceProxy);
        if (scope.Kind == ReadScopeKind.None)
        {
            return Array.Empty<WorkspaceProxy>();
        }

        var primary = WorkspaceProxy.Primary(deployment.Id);
        var others = await proxies.ListAsync(scope, cancellationToken);
        return scope.Matches(primary.Reference) ? (WorkspaceProxy[])[primary, .. others] : [.. others];
    }
}
