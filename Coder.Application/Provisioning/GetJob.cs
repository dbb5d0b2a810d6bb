using Coder.Application.Common;
using Coder.Application.Organizations;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Provisioning;

/// <summary>Reads a job of an organization.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">An id or a name.</param>
/// <param name="Job">The id as it stands in the path.</param>
public sealed record GetJob(Actor Actor, string Organization, string Job) : IQuery<JobView>, IActorRequest;

internal sealed class GetJobHandler(OrganizationLookup organizations, IJobQueue queue) : IRequestHandler<GetJob, Result<JobView>>
{
    public async Task<Result<JobView>> Handle(GetJob request, CancellationToken cancellationToken)
    {
        if (!(await organizations.FindAsync(request.Actor, request.Organization, cancellationToken)).Is(out var organization, out var error)
            || !PathIds.Parse(request.Job).Is(out var id, out error))
        {
            return error;
        }

        return Authorizer.Can(request.Actor, PermissionAction.Read, ObjectRef.In(organization.Id, ResourceType.ProvisionerJobs))
            && (await queue.ReadAsync([id], cancellationToken)).TryGetValue(id, out var job)
            && job.OrganizationId == organization.Id
                ? job
                : Error.NotFound;
    }
}
