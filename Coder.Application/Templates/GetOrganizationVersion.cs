using Coder.Application.Common;
using Coder.Application.Organizations;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>Reads a version by its name and that of its template, or the version that was made before it.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">See <see cref="OrganizationLookup"/>.</param>
/// <param name="Template">The name, without regard to case.</param>
/// <param name="Name">Compared exactly.</param>
/// <param name="IsPrevious">Whether the version before is wanted.</param>
public sealed record GetOrganizationVersion(Actor Actor, string Organization, string Template, string Name, bool IsPrevious)
    : IQuery<VersionView>, IActorRequest;

internal sealed class GetOrganizationVersionHandler(
    OrganizationLookup organizations, TemplateLookup lookup, ITemplateVersionStore versions, VersionViews views)
    : IRequestHandler<GetOrganizationVersion, Result<VersionView>>
{
    public async Task<Result<VersionView>> Handle(GetOrganizationVersion request, CancellationToken cancellationToken)
    {
        if (!(await organizations.FindAsync(request.Actor, request.Organization, cancellationToken)).Is(out var organization, out var error)
            || !(await lookup.FindByNameAsync(request.Actor, organization.Id, request.Template, cancellationToken))
                .Is(out var template, out error))
        {
            return error;
        }

        if (await versions.FindByNameAsync(template.Id, request.Name, cancellationToken) is not { } found)
        {
            return Error.NotFound;
        }

        var wanted = request.IsPrevious ? await versions.FindPreviousAsync(found.Version, cancellationToken) : found;
        return wanted is null
            ? new Error(ErrorKind.NotFound, $"No previous template version found for \"{request.Name}\".")
            : (await views.OfAsync([wanted], cancellationToken))[0];
    }
}
