using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>Reads a version.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Version">The id as it stands in the path.</param>
public sealed record GetVersion(Actor Actor, string Version) : IQuery<VersionView>, IActorRequest;

internal sealed class GetVersionHandler(TemplateLookup lookup, VersionViews views) : IRequestHandler<GetVersion, Result<VersionView>>
{
    public async Task<Result<VersionView>> Handle(GetVersion request, CancellationToken cancellationToken) =>
        (await lookup.FindVersionAsync(request.Actor, request.Version, cancellationToken)).Is(out var found, out var error)
            ? (await views.OfAsync([found.Facts], cancellationToken))[0]
            : error;
}
