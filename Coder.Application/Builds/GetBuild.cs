using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Builds;

/// <summary>Shows one build.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Build">The id as it stands in the path.</param>
public sealed record GetBuild(Actor Actor, string Build) : IQuery<BuildView>, IActorRequest;

internal sealed class GetBuildHandler(BuildLookup lookup, IBuildDirectory builds) : IRequestHandler<GetBuild, Result<BuildView>>
{
    public async Task<Result<BuildView>> Handle(GetBuild request, CancellationToken cancellationToken)
    {
        if (!(await lookup.FindAsync(request.Actor, request.Build, cancellationToken)).Is(out var build, out var error))
        {
            return error;
        }

        return await builds.FindAsync(build.Id, cancellationToken);
    }
}
