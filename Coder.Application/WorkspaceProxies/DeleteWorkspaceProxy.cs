using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using MediatR;

namespace Coder.Application.WorkspaceProxies;

/// <summary>Deletes a proxy. Its token ends at once, and its name is free again.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Proxy">An id, or a name without regard to case.</param>
[RequiresFeature(FeatureName.WorkspaceProxy)]
public sealed record DeleteWorkspaceProxy(Actor Actor, string Proxy)
    : ICommand<Done>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.WorkspaceProxy, AuditAction.Delete, 200);
}

internal sealed class DeleteWorkspaceProxyHandler(IWorkspaceProxyStore proxies, ProxyDirectory directory, TimeProvider time, AuditTrail audit)
    : IRequestHandler<DeleteWorkspaceProxy, Result<Done>>
{
    private static readonly Error Primary = new(ErrorKind.Invalid, "Cannot delete primary proxy");

    public async Task<Result<Done>> Handle(DeleteWorkspaceProxy request, CancellationToken cancellationToken)
    {
        if (!(await directory.FindAsync(request.Actor, request.Proxy, cancellationToken)).Is(out var found, out var error))
        {
            return error;
        }

        audit.About(found.Id, found.Name, icon: found.Icon);
        if (!Authorizer.Can(request.Actor, PermissionAction.Delete, found.Reference))
        {
            return Error.Forbidden;
        }

        if (found.IsPrimary)
        {
            return Primary;
        }

        if (await proxies.LockAsync(found.Id, cancellationToken) is not { } proxy)
        {
            return Error.NotFound;
        }

        audit.Changed(ProxyAudit.Snapshot(proxy), null);
        await proxies.DeleteAsync(proxy.Id, time.GetUtcNow().ToMicroseconds(), cancellationToken);
        return Done.Value;
    }
}
