using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>The versions of a template, oldest first.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Template">The id as it stands in the path.</param>
/// <param name="IncludeArchived">Also those that are archived.</param>
/// <param name="Page">Which part of them.</param>
public sealed record ListVersions(Actor Actor, string Template, bool IncludeArchived, Page Page)
    : IQuery<IReadOnlyList<VersionView>>, IActorRequest;

internal sealed class ListVersionsHandler(TemplateLookup lookup, ITemplateVersionStore versions, VersionViews views)
    : IRequestHandler<ListVersions, Result<IReadOnlyList<VersionView>>>
{
    public async Task<Result<IReadOnlyList<VersionView>>> Handle(ListVersions request, CancellationToken cancellationToken)
    {
        if (!(await lookup.FindAsync(request.Actor, request.Template, cancellationToken)).Is(out var template, out var error))
        {
            return error;
        }

        var found = await versions.ListAsync(template.Id, request.IncludeArchived, request.Page, cancellationToken);
        return Result<IReadOnlyList<VersionView>>.From(await views.OfAsync(found, cancellationToken));
    }
}
