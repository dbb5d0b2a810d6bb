using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Builds;

/// <summary>Tells how long the parts of the latest build of a workspace took.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Workspace">The id as it stands in the path.</param>
public sealed record GetWorkspaceTimings(Actor Actor, string Workspace) : IQuery<BuildTimings>, IActorRequest;

internal sealed class GetWorkspaceTimingsHandler(BuildLookup lookup, IBuildReader reader)
    : IRequestHandler<GetWorkspaceTimings, Result<BuildTimings>>
{
    public async Task<Result<BuildTimings>> Handle(GetWorkspaceTimings request, CancellationToken cancellationToken) =>
        (await lookup.FindWorkspaceAsync(request.Actor, request.Workspace, cancellationToken)).Is(out var workspace, out var error)
            ? await reader.TimingsAsync(workspace.LatestBuildId, cancellationToken)
            : error;
}
