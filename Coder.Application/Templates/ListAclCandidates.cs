using Coder.Application.Common;
using Coder.Application.Groups;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using Coder.Domain.Users;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>With whom a template could be shared, for those who may change it.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Template">The id as it stands in the path.</param>
/// <param name="Search">See <see cref="UserQueryParser"/>; only its words count.</param>
/// <param name="Limit">The most users; 0: all.</param>
[RequiresFeature(FeatureName.TemplateRbac)]
public sealed record ListAclCandidates(Actor Actor, string Template, string Search, int Limit) : IQuery<AclCandidates>, IActorRequest;

/// <summary>With whom a template could be shared.</summary>
/// <param name="Users">Members of its organization, ordered by name.</param>
/// <param name="Groups">The groups of its organization, ordered by name.</param>
public sealed record AclCandidates(IReadOnlyList<ReducedUser> Users, IReadOnlyList<GroupView> Groups);

internal sealed class ListAclCandidatesHandler(TemplateLookup lookup, ITemplateAclDirectory directory, IGroupStore groups)
    : IRequestHandler<ListAclCandidates, Result<AclCandidates>>
{
    public async Task<Result<AclCandidates>> Handle(ListAclCandidates request, CancellationToken cancellationToken)
    {
        if (!(await lookup.FindAsync(request.Actor, request.Template, cancellationToken)).Is(out var template, out var error)
            || !UserQueryParser.Parse(request.Search).Is(out var filter, out error))
        {
            return error;
        }

        if (!Authorizer.Can(request.Actor, PermissionAction.Update, template.Ref))
        {
            return Error.NotFound;
        }

        var users = await directory.CandidatesAsync(template.OrganizationId, filter.Search, request.Limit, cancellationToken);
        var all = new GroupFilter { Organization = template.OrganizationId };
        return new AclCandidates(users, await groups.ListAsync(all, GroupSight.OfWritten(request.Actor), cancellationToken));
    }
}
