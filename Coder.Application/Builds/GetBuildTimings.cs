using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Builds;

/// <summary>Tells how long the parts of a build took.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Build">The id as it stands in the path.</param>
public sealed record GetBuildTimings(Actor Actor, string Build) : IQuery<BuildTimings>, IActorRequest;

internal sealed class GetBuildTimingsHandler(BuildLookup lookup, IBuildReader reader) : IRequestHandler<GetBuildTimings, Result<BuildTimings>>
{
    public async Task<Result<BuildTimings>> Handle(GetBuildTimings request, CancellationToken cancellationToken) =>
        (await lookup.FindAsync(request.Actor, request.Build, cancellationToken)).Is(out var build, out var error)
            ? await reader.TimingsAsync(build.Id, cancellationToken)
            : error;
}
