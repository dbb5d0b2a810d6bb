using Coder.Application.Common;
using Coder.Application.Organizations;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using Coder.Domain.Provisioning;
using MediatR;

namespace Coder.Application.Provisioning;

/// <summary>The keys of an organization that the caller may see, by name; never with their secrets.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">An id or a name.</param>
[RequiresFeature(FeatureName.ExternalProvisionerDaemons)]
public sealed record ListProvisionerKeys(Actor Actor, string Organization) : IQuery<IReadOnlyList<ProvisionerKey>>, IActorRequest;

internal sealed class ListProvisionerKeysHandler(OrganizationLookup organizations, IProvisionerKeyStore keys)
    : IRequestHandler<ListProvisionerKeys, Result<IReadOnlyList<ProvisionerKey>>>
{
    public async Task<Result<IReadOnlyList<ProvisionerKey>>> Handle(ListProvisionerKeys request, CancellationToken cancellationToken)
    {
        if (!(await organizations.FindAsync(request.Actor, request.Organization, cancellationToken)).Is(out var organization, out var error))
        {
            return error;
        }

        var scope = Authorizer.ReadScope(request.Actor, ResourceType.ProvisionerDaemon);
        return Result<IReadOnlyList<ProvisionerKey>>.From(await keys.ListAsync(organization.Id, scope, cancellationToken));
    }
}
