using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Organizations;
using MediatR;

namespace Coder.Application.Organizations;

/// <summary>All organizations that the caller may read, ordered by name.</summary>
public sealed record ListOrganizations(Actor Actor) : IQuery<IReadOnlyList<Organization>>, IActorRequest;

internal sealed class ListOrganizationsHandler(IOrganizationStore organizations)
    : IRequestHandler<ListOrganizations, Result<IReadOnlyList<Organization>>>
{
    public async Task<Result<IReadOnlyList<Organization>>> Handle(ListOrganizations request, CancellationToken cancellationToken)
    {
        var scope = Authorizer.ReadScope(request.Actor, ResourceType.Organization);
        return scope.Kind == ReadScopeKind.None
            ? Array.Empty<Organization>()
            : Result<IReadOnlyList<Organization>>.From(await organizations.ListAsync(scope, cancellationToken));
    }
}
