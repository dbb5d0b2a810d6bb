using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Templates;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>The presets of a version: the default one first, the others by name.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Version">The id as it stands in the path.</param>
public sealed record GetVersionPresets(Actor Actor, string Version) : IQuery<IReadOnlyList<VersionPreset>>, IActorRequest;

internal sealed class GetVersionPresetsHandler(TemplateLookup lookup, ITemplateVersionContents contents)
    : IRequestHandler<GetVersionPresets, Result<IReadOnlyList<VersionPreset>>>
{
    public async Task<Result<IReadOnlyList<VersionPreset>>> Handle(GetVersionPresets request, CancellationToken cancellationToken) =>
        (await lookup.FindVersionAsync(request.Actor, request.Version, cancellationToken)).Is(out var found, out var error)
            ? Result<IReadOnlyList<VersionPreset>>.From(await contents.PresetsAsync(found.Version.Id, cancellationToken))
            : error;
}
