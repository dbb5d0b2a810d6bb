using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.WorkspaceProxies;
using MediatR;

namespace Coder.Application.WorkspaceProxies;

/// <summary>Reads a proxy.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Proxy">An id, or a name without regard to case.</param>
public sealed record GetWorkspaceProxy(Actor Actor, string Proxy) : IQuery<WorkspaceProxy>, IActorRequest;

internal sealed class GetWorkspaceProxyHandler(ProxyDirectory directory) : IRequestHandler<GetWorkspaceProxy, Result<WorkspaceProxy>>
{
    public Task<Result<WorkspaceProxy>> Handle(GetWorkspaceProxy request, CancellationToken cancellationToken) =>
        directory.FindAsync(request.Actor, request.Proxy, cancellationToken);
}
