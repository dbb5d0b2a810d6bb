using Coder.Application.Common;
using Coder.Application.Provisioning;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>How a dry run stands.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Version">The id as it stands in the path.</param>
/// <param name="Job">The id as it stands in the path.</param>
public sealed record GetDryRun(Actor Actor, string Version, string Job) : IQuery<JobView>, IActorRequest;

internal sealed class GetDryRunHandler(DryRunLookup runs) : IRequestHandler<GetDryRun, Result<JobView>>
{
    public Task<Result<JobView>> Handle(GetDryRun request, CancellationToken cancellationToken) =>
        runs.FindAsync(request.Actor, request.Version, request.Job, cancellationToken);
}
