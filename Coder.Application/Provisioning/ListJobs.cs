using Coder.Application.Common;
using Coder.Application.Organizations;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using MediatR;

namespace Coder.Application.Provisioning;

/// <summary>The jobs of an organization that the caller may see, the newest first.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">An id or a name.</param>
/// <param name="Query">Which of them.</param>
public sealed record ListJobs(Actor Actor, string Organization, ProvisionerQuery Query) : IQuery<IReadOnlyList<JobView>>, IActorRequest;

internal sealed class ListJobsHandler(OrganizationLookup organizations, IJobList list, IJobQueue queue)
    : IRequestHandler<ListJobs, Result<IReadOnlyList<JobView>>>
{
    public async Task<Result<IReadOnlyList<JobView>>> Handle(ListJobs request, CancellationToken cancellationToken)
    {
        if (!(await organizations.FindAsync(request.Actor, request.Organization, cancellationToken)).Is(out var organization, out var error))
        {
            return error;
        }

        var scope = Authorizer.ReadScope(request.Actor, ResourceType.ProvisionerJobs);
        if (scope.Kind == ReadScopeKind.None)
        {
            return Array.Empty<JobView>();
        }

        var query = request.Query;
        var statuses = query.Statuses.SelectMany(name => JobStatuses.TryParse(name, out var status) ? [status] : Array.Empty<JobStatus>());
        var filter = new JobFilter(organization.Id, query.Ids, [.. statuses], query.Tags, query.EffectiveLimit);
        var ids = await list.ListAsync(filter, scope, cancellationToken);
        var jobs = await queue.ReadAsync([.. ids], cancellationToken);
        return ids.Where(jobs.ContainsKey).Select(id => jobs[id]).ToList();
    }
}

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
