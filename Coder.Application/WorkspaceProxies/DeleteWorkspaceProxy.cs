using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using MediatR;

namespace Coder.Application.WorkspaceProxies;

/// <summary>Deletes a proxy. Its token ends at once, and its name is free again.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Proxy">An id, or a name without regard to case.</param>
[RequiresFeature(FeatureName.WorkspaceProxy)]
public sealed record DeleteWorkspaceProxy(Actor Actor, string Proxy) : ICommand<Done>, ITransactional, IActorRequest;

internal sealed class DeleteWorkspaceProxyHandler(IWorkspaceProxyStore proxies, ProxyDirectory directory, TimeProvider time)
    : IRequestHandler<DeleteWorkspaceProxy, Result<Done>>
{
    private static readonly Error Primary = new(ErrorKind.Invalid, "Cannot delete primary proxy");

    public async Task<Result<Done>> Handle(DeleteWorkspaceProxy request, CancellationToken cancellationToken)
    {
        if (!(await directory.FindAsync(request.Actor, request.Proxy, cancellationToken)).Is(out var proxy, out var error))
        {
            return error;
        }

        if (!Authorizer.Can(request.Actor, PermissionAction.Delete, proxy.Reference))
        {
            return Error.Forbidden;
        }

        if (proxy.IsPrimary)
        {
            return Primary;
        }

        await proxies.DeleteAsync(proxy.Id, time.GetUtcNow().ToMicroseconds(), cancellationToken);
        return Done.Value;
    }
}
