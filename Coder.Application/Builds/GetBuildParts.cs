using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Templates;
using MediatR;

namespace Coder.Application.Builds;

/// <summary>Lists the parameter values of a build, by name.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Build">The id as it stands in the path.</param>
public sealed record ListBuildParameters(Actor Actor, string Build) : IQuery<IReadOnlyList<ParameterValue>>, IActorRequest;

internal sealed class ListBuildParametersHandler(BuildLookup lookup, IBuildReader reader)
    : IRequestHandler<ListBuildParameters, Result<IReadOnlyList<ParameterValue>>>
{
    public async Task<Result<IReadOnlyList<ParameterValue>>> Handle(ListBuildParameters request, CancellationToken cancellationToken) =>
        (await lookup.FindAsync(request.Actor, request.Build, cancellationToken)).Is(out var build, out var error)
            ? Result<IReadOnlyList<ParameterValue>>.From(await reader.ValuesAsync(build.Id, cancellationToken))
            : error;
}

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

/// <summary>Finds the job whose log is that of a build.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Build">The id as it stands in the path.</param>
public sealed record FindBuildLog(Actor Actor, string Build) : IQuery<Guid>, IActorRequest;

internal sealed class FindBuildLogHandler(BuildLookup lookup) : IRequestHandler<FindBuildLog, Result<Guid>>
{
    public async Task<Result<Guid>> Handle(FindBuildLog request, CancellationToken cancellationToken) =>
        (await lookup.FindAsync(request.Actor, request.Build, cancellationToken)).Is(out var build, out var error) ? build.JobId : error;
}
