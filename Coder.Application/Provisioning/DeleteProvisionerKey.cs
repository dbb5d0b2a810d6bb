using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Application.Organizations;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using MediatR;

namespace Coder.Application.Provisioning;

/// <summary>Deletes a key. Its daemons go with it; what they work on is ended by the reaper.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">An id or a name.</param>
/// <param name="Name">The name, without regard to case.</param>
[RequiresFeature(FeatureName.ExternalProvisionerDaemons)]
public sealed record DeleteProvisionerKey(Actor Actor, string Organization, string Name)
    : ICommand<Done>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.ProvisionerKey, AuditAction.Delete, 204);
}

internal sealed class DeleteProvisionerKeyHandler(OrganizationLookup organizations, IProvisionerKeyStore keys, AuditTrail audit)
    : IRequestHandler<DeleteProvisionerKey, Result<Done>>
{
    public async Task<Result<Done>> Handle(DeleteProvisionerKey request, CancellationToken cancellationToken)
    {
        if (!(await organizations.FindAsync(request.Actor, request.Organization, cancellationToken)).Is(out var organization, out var error))
        {
            return error;
        }

        if (await keys.FindByNameAsync(organization.Id, request.Name, cancellationToken) is not { } key
            || !Authorizer.Can(request.Actor, PermissionAction.Read, key.Reference))
        {
            return Error.NotFound;
        }

        audit.About(key.Id, key.Name, organization.Id);
        if (!Authorizer.Can(request.Actor, PermissionAction.Delete, key.Reference))
        {
            return Error.Forbidden;
        }

        audit.Changed(ProvisionerKeyAudit.Snapshot(key).Secret(), null);
        return await keys.DeleteAsync(key.Id, cancellationToken) ? Done.Value : Error.NotFound;
    }
}
