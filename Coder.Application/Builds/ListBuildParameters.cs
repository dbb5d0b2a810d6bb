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
