using Coder.Application.Common;
using Coder.Application.Workspaces;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>What a workspace would have; nothing until the dry run has ended.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Version">The id as it stands in the path.</param>
/// <param name="Job">The id as it stands in the path.</param>
public sealed record GetDryRunResources(Actor Actor, string Version, string Job) : IQuery<ForeseenResources>, IActorRequest;

internal sealed class GetDryRunResourcesHandler(DryRunLookup runs, IResourceDirectory resources, TimeProvider time)
    : IRequestHandler<GetDryRunResources, Result<ForeseenResources>>
{
    public async Task<Result<ForeseenResources>> Handle(GetDryRunResources request, CancellationToken cancellationToken)
    {
        if (!(await runs.FindAsync(request.Actor, request.Version, request.Job, cancellationToken)).Is(out var run, out var error))
        {
            return error;
        }

        var read = await resources.ReadAsync([run.Id], cancellationToken);
        return new ForeseenResources(read.GetValueOrDefault(run.Id) ?? [], time.GetUtcNow());
    }
}
