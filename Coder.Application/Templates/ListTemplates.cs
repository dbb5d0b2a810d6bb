using Coder.Application.Common;
using Coder.Application.Organizations;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Templates;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>The templates that the caller may read and a search asks for, in the order of their names.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">See <see cref="OrganizationLookup"/>; <see langword="null"/> for all.</param>
/// <param name="Search">See <see cref="TemplateQueryParser"/>.</param>
public sealed record ListTemplates(Actor Actor, string? Organization, string Search) : IQuery<IReadOnlyList<TemplateView>>, IActorRequest;

internal sealed class ListTemplatesHandler(OrganizationLookup lookup, TemplateViews views)
    : IRequestHandler<ListTemplates, Result<IReadOnlyList<TemplateView>>>
{
    public async Task<Result<IReadOnlyList<TemplateView>>> Handle(ListTemplates request, CancellationToken cancellationToken)
    {
        if (!(await OfPathAsync(request, cancellationToken)).Is(out var ofPath, out var error)
            || !TemplateQueryParser.Parse(request.Search).Is(out var filter, out error)
            || !(await OfSearchAsync(request.Actor, filter, cancellationToken)).Is(out var ofSearch, out error))
        {
            return error;
        }

        if (ofPath.Id is not null && ofSearch.Id is not null && ofPath.Id != ofSearch.Id)
        {
            return Result<IReadOnlyList<TemplateView>>.From([]);
        }

        if (filter.Author == TemplateQueryParser.Me)
        {
            if (filter.AuthorId is { } author && author != request.Actor.UserId)
            {
                return Result<IReadOnlyList<TemplateView>>.From([]);
            }

            filter = filter with { Author = null, AuthorId = request.Actor.UserId };
        }

        var scope = Authorizer.ReadScope(request.Actor, ResourceType.Template);
        return Result<IReadOnlyList<TemplateView>>.From(
            await views.ListAsync(filter, ofPath.Id ?? ofSearch.Id, scope, cancellationToken));
    }

    private async Task<Result<Wanted>> OfPathAsync(ListTemplates request, CancellationToken ct)
    {
        if (request.Organization is null)
        {
            return new Wanted(null);
        }

        return (await lookup.FindAsync(request.Actor, request.Organization, ct)).Is(out var found, out var error)
            ? new Wanted(found.Id)
            : error;
    }

    // An id that nothing has, and one of what the caller may not see, leave the list empty, so only names are looked up.
    private async Task<Result<Wanted>> OfSearchAsync(Actor actor, TemplateFilter filter, CancellationToken ct)
    {
        if (filter.Organization is not { } name)
        {
            return new Wanted(null);
        }

        if (Guid.TryParseExact(name, "D", out var id) && id != Guid.Empty)
        {
            return new Wanted(id);
        }

        return (await lookup.FindAsync(actor, name, ct)).Is(out var found, out _)
            ? new Wanted(found.Id)
            : TemplateQueryParser.UnknownOrganization(name);
    }

    private readonly record struct Wanted(Guid? Id);
}
