using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>Reads a template that is not deleted.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Template">The id as it stands in the path.</param>
public sealed record GetTemplate(Actor Actor, string Template) : IQuery<TemplateView>, IActorRequest;

internal sealed class GetTemplateHandler(TemplateLookup lookup, TemplateViews views) : IRequestHandler<GetTemplate, Result<TemplateView>>
{
    public async Task<Result<TemplateView>> Handle(GetTemplate request, CancellationToken cancellationToken) =>
        (await lookup.FindAsync(request.Actor, request.Template, cancellationToken)).Is(out var template, out var error)
            ? await views.OneAsync(template.Id, cancellationToken)
            : error;
}
