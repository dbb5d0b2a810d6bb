using Coder.Application.Common;
using Coder.Application.Workspaces;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>What the import of a version foresees that builds make; nothing until it has ended.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Version">The id as it stands in the path.</param>
public sealed record GetVersionResources(Actor Actor, string Version) : IQuery<ForeseenResources>, IActorRequest;

/// <summary>Resources of a version.</summary>
/// <param name="Resources">By name.</param>
/// <param name="At">The moment for which they were read.</param>
public sealed record ForeseenResources(IReadOnlyList<ResourceView> Resources, DateTimeOffset At);

internal sealed class GetVersionResourcesHandler(TemplateLookup lookup, IResourceDirectory resources, TimeProvider time)
    : IRequestHandler<GetVersionResources, Result<ForeseenResources>>
{
    public async Task<Result<ForeseenResources>> Handle(GetVersionResources request, CancellationToken cancellationToken)
    {
        if (!(await lookup.FindVersionAsync(request.Actor, request.Version, cancellationToken)).Is(out var found, out var error))
        {
            return error;
        }

        var job = found.Version.JobId;
        var read = await resources.ReadAsync([job], cancellationToken);
        return new ForeseenResources(read.GetValueOrDefault(job) ?? [], time.GetUtcNow());
    }
}
