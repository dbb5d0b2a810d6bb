using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Organizations;
using MediatR;

namespace Coder.Application.Organizations;

/// <summary>Reads an organization.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Name">See <see cref="OrganizationLookup"/>.</param>
public sealed record GetOrganization(Actor Actor, string Name) : IQuery<Organization>, IActorRequest;

internal sealed class GetOrganizationHandler(OrganizationLookup organizations) : IRequestHandler<GetOrganization, Result<Organization>>
{
    public Task<Result<Organization>> Handle(GetOrganization request, CancellationToken cancellationToken) =>
        organizations.FindAsync(request.Actor, request.Name, cancellationToken);
}
