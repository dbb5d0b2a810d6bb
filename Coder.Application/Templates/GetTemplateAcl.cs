using Coder.Application.Common;
using Coder.Application.Groups;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using Coder.Domain.Templates;
using Coder.Domain.Users;
using MediatR;

namespace Coder.Application.Templates;

/// <summary>With whom a template is shared, for those who may change it.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Template">The id as it stands in the path.</param>
[RequiresFeature(FeatureName.TemplateRbac)]
public sealed record GetTemplateAcl(Actor Actor, string Template) : IQuery<TemplateAcl>, IActorRequest;

/// <summary>With whom a template is shared.</summary>
/// <param name="Users">Ordered by name.</param>
/// <param name="Groups">Ordered by name; Everyone has the id of the organization.</param>
public sealed record TemplateAcl(IReadOnlyList<SharedUser> Users, IReadOnlyList<SharedGroup> Groups);

/// <summary>A user with a role on a template.</summary>
/// <param name="User">The user.</param>
/// <param name="Role">Not <see cref="TemplateRole.None"/>.</param>
public sealed record SharedUser(User User, TemplateRole Role);

/// <summary>A group with a role on a template.</summary>
/// <param name="Group">The group.</param>
/// <param name="Role">Not <see cref="TemplateRole.None"/>.</param>
public sealed record SharedGroup(GroupView Group, TemplateRole Role);

internal sealed class GetTemplateAclHandler(TemplateLookup lookup, ITemplateAclDirectory directory, IGroupStore groups)
    : IRequestHandler<GetTemplateAcl, Result<TemplateAcl>>
{
    public async Task<Result<TemplateAcl>> Handle(GetTemplateAcl request, CancellationToken cancellationToken)
    {
        if (!(await lookup.FindAsync(request.Actor, request.Template, cancellationToken)).Is(out var template, out var error))
        {
            return error;
        }

        if (!Authorizer.Can(request.Actor, PermissionAction.Update, template.Ref))
        {
            return Error.Forbidden;
        }

        var userIds = Shared(template.UserAcl);
        var users = userIds.Count == 0 ? [] : await directory.UsersAsync(userIds, cancellationToken);
        var groupIds = Shared(template.GroupAcl);

        // Whoever decides on the list sees the groups in it; who is in them is another matter.
        var sight = GroupSight.OfWritten(request.Actor);
        var filter = new GroupFilter { Organization = template.OrganizationId, Ids = groupIds };
        var found = groupIds.Count == 0 ? [] : await groups.ListAsync(filter, sight, cancellationToken);
        return new TemplateAcl(
            [.. users.Select(user => new SharedUser(user, template.UserAcl.RoleOf(user.Id)))],
            [.. found.Select(group => new SharedGroup(group, template.GroupAcl.RoleOf(group.Group.Id)))]);
    }

    private static List<Guid> Shared(AccessControlList list) => [.. list.Ids.Where(id => list.RoleOf(id) != TemplateRole.None)];
}
