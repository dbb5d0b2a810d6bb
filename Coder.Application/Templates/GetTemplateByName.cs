using Coder.Application.Common;
using Coder.Application.Organizations;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>Reads a template of an organization by its name.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">See <see cref="OrganizationLookup"/>.</param>
/// <param name="Name">Without regard to case.</param>
public sealed record GetTemplateByName(Actor Actor, string Organization, string Name) : IQuery<TemplateView>, IActorRequest;

internal sealed class GetTemplateByNameHandler(OrganizationLookup organizations, TemplateLookup lookup, TemplateViews views)
    : IRequestHandler<GetTemplateByName, Result<TemplateView>>
{
    public async Task<Result<TemplateView>> Handle(GetTemplateByName request, CancellationToken cancellationToken)
    {
        if (!(await organizations.FindAsync(request.Actor, request.Organization, cancellationToken)).Is(out var organization, out var error)
            || !(await lookup.FindByNameAsync(request.Actor, organization.Id, request.Name, cancellationToken))
                .Is(out var template, out error))
        {
            return error;
        }

        return await views.OneAsync(template.Id, cancellationToken);
    }
}
