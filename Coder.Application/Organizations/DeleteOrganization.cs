using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using Coder.Domain.Organizations;
using MediatR;

namespace Coder.Application.Organizations;

/// <summary>Deletes an organization that is empty but for its last member and Everyone.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">See <see cref="OrganizationLookup"/>.</param>
[RequiresFeature(FeatureName.MultipleOrganizations)]
public sealed record DeleteOrganization(Actor Actor, string Organization) : ICommand<Done>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.Organization, AuditAction.Delete, 200);
}

internal sealed class DeleteOrganizationHandler(
    OrganizationLookup lookup,
    IOrganizationStore organizations,
    IEnumerable<IOrganizationContents> contents,
    TimeProvider time,
    AuditTrail audit)
    : IRequestHandler<DeleteOrganization, Result<Done>>
{
    public async Task<Result<Done>> Handle(DeleteOrganization request, CancellationToken cancellationToken)
    {
        if (!(await lookup.FindAsync(request.Actor, request.Organization, cancellationToken)).Is(out var found, out var error))
        {
            return error;
        }

        audit.About(found);
        if (!Authorizer.Can(request.Actor, PermissionAction.Delete, ObjectRef.OfOrganization(found.Id)))
        {
            return Error.Forbidden;
        }

        // From here on nobody puts anything into it, so that what is counted is what there is.
        if (await organizations.LockAsync(found.Id, cancellationToken) is not { } organization)
        {
            return Error.NotFound;
        }

        var counts = new List<OrganizationContent>();
        foreach (var kind in contents)
        {
            counts.Add(await kind.CountAsync(organization.Id, cancellationToken));
        }

        if (OrganizationRules.Deletion(organization, counts) is { } refused)
        {
            return refused;
        }

        await organizations.DeleteAsync(organization.Id, time.GetUtcNow().ToMicroseconds(), cancellationToken);
        audit.About(organization).Changed(OrganizationAudit.Snapshot(organization), null);
        return Done.Value;
    }
}
