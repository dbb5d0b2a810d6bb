using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>Reads a version of a template by its name.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Template">The id as it stands in the path.</param>
/// <param name="Name">Compared exactly.</param>
public sealed record GetVersionByName(Actor Actor, string Template, string Name) : IQuery<VersionView>, IActorRequest;

internal sealed class GetVersionByNameHandler(TemplateLookup lookup, ITemplateVersionStore versions, VersionViews views)
    : IRequestHandler<GetVersionByName, Result<VersionView>>
{
    public async Task<Result<VersionView>> Handle(GetVersionByName request, CancellationToken cancellationToken)
    {
        if (!(await lookup.FindAsync(request.Actor, request.Template, cancellationToken)).Is(out var template, out var error))
        {
            return error;
        }

        return await versions.FindByNameAsync(template.Id, request.Name, cancellationToken) is { } found
            ? (await views.OfAsync([found], cancellationToken))[0]
            : Error.NotFound;
    }
}
