using Coder.Application.Common;
using Coder.Application.Organizations;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>The examples that come with the server, for everybody who is signed in.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">One that the caller may read, see <see cref="OrganizationLookup"/>; <see langword="null"/>: none.</param>
public sealed record ListTemplateExamples(Actor Actor, string? Organization) : IQuery<IReadOnlyList<TemplateExample>>, IActorRequest;

internal sealed class ListTemplateExamplesHandler(OrganizationLookup lookup)
    : IRequestHandler<ListTemplateExamples, Result<IReadOnlyList<TemplateExample>>>
{
    public async Task<Result<IReadOnlyList<TemplateExample>>> Handle(ListTemplateExamples request, CancellationToken cancellationToken)
    {
        if (request.Organization is { } name
            && (await lookup.FindAsync(request.Actor, name, cancellationToken)).Error is { } error)
        {
            return error;
        }

        return Result<IReadOnlyList<TemplateExample>>.From(TemplateExamples.All);
    }
}
