using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Builds;

/// <summary>Finds the job whose log is that of a build.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Build">The id as it stands in the path.</param>
public sealed record FindBuildLog(Actor Actor, string Build) : IQuery<Guid>, IActorRequest;

internal sealed class FindBuildLogHandler(BuildLookup lookup) : IRequestHandler<FindBuildLog, Result<Guid>>
{
    public async Task<Result<Guid>> Handle(FindBuildLog request, CancellationToken cancellationToken) =>
        (await lookup.FindAsync(request.Actor, request.Build, cancellationToken)).Is(out var build, out var error) ? build.JobId : error;
}
