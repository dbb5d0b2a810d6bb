using Coder.Application.Common;
using Coder.Application.Organizations;
using Coder.Application.Users;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Groups;

/// <summary>The groups that the caller may read; also without the license that it takes to change one.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">An id, or a name (see <see cref="OrganizationLookup"/>); empty for all.</param>
/// <param name="HasMember">An id, a username, or <c>me</c> (see <see cref="UserLookup"/>); empty for any.</param>
/// <param name="GroupIds">Ids with commas between them; empty for all.</param>
public sealed record ListGroups(Actor Actor, string Organization, string HasMember, string GroupIds)
    : IQuery<IReadOnlyList<GroupView>>, IActorRequest;

internal sealed class ListGroupsHandler(OrganizationLookup organizations, UserLookup users, IGroupStore groups)
    : IRequestHandler<ListGroups, Result<IReadOnlyList<GroupView>>>
{
    public async Task<Result<IReadOnlyList<GroupView>>> Handle(ListGroups request, CancellationToken cancellationToken)
    {
        List<FieldError> errors = [];
        var filter = new GroupFilter
        {
            Organization = await OrganizationAsync(request, errors, cancellationToken),
            HasMember = await MemberAsync(request, errors, cancellationToken),
            Ids = Ids(request.GroupIds, errors),
        };
        return errors.Count > 0
            ? new Error(ErrorKind.Invalid, "Query parameters have invalid values.", null, errors)
            : Result<IReadOnlyList<GroupView>>.From(await groups.ListAsync(filter, GroupSight.Of(request.Actor), cancellationToken));
    }

    // An id that nothing has, and one of what the caller may not see, leave the list empty, so only names are looked up.
    private async Task<Guid?> OrganizationAsync(ListGroups request, List<FieldError> errors, CancellationToken ct)
    {
        if (request.Organization.Length == 0)
        {
            return null;
        }

        if (Guid.TryParseExact(request.Organization, "D", out var id) && id != Guid.Empty)
        {
            return id;
        }

        if ((await organizations.FindAsync(request.Actor, request.Organization, ct)).Is(out var found, out _))
        {
            return found.Id;
        }

        errors.Add(new FieldError(
            "organization", $"Query param \"organization\" must be an existing uuid or name: organization \"{request.Organization}\" not found"));
        return null;
    }

    private async Task<Guid?> MemberAsync(ListGroups request, List<FieldError> errors, CancellationToken ct)
    {
        if (request.HasMember.Length == 0)
        {
            return null;
        }

        if (Guid.TryParseExact(request.HasMember, "D", out var id))
        {
            return id;
        }

        if ((await users.FindAsync(request.Actor, request.HasMember, ct)).Is(out var found, out _))
        {
            return found.Id;
        }

        errors.Add(new FieldError(
            "has_member", $"Query param \"has_member\" must be an existing uuid or username: user \"{request.HasMember}\" not found"));
        return null;
    }

    private static List<Guid>? Ids(string text, List<FieldError> errors)
    {
        if (text.Length == 0)
        {
            return null;
        }

        var ids = new List<Guid>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!Guid.TryParseExact(part, "D", out var id))
            {
                errors.Add(new FieldError("group_ids", $"Query param \"group_ids\" must be a list of valid uuids: \"{part}\" is none"));
                return null;
            }

            ids.Add(id);
        }

        return ids;
    }
}
