using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Groups;
using Coder.Domain.Licensing;
using FluentValidation;
using MediatR;

namespace Coder.Application.Groups;

/// <summary>Changes what is given of a group, and who is in it; <see langword="null"/> leaves a field as it is.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Group">The id as it stands in the path.</param>
/// <param name="Name">Empty leaves it too.</param>
/// <param name="DisplayName">May be emptied.</param>
/// <param name="AvatarUrl">May be emptied.</param>
/// <param name="QuotaAllowance">See <see cref="Domain.Groups.Group.QuotaAllowance"/>.</param>
/// <param name="AddUsers">Ids of members of the organization who are not in the group.</param>
/// <param name="RemoveUsers">Ids of members of the organization.</param>
[RequiresFeature(FeatureName.TemplateRbac)]
public sealed record UpdateGroup(
    Actor Actor,
    string Group,
    string? Name,
    string? DisplayName,
    string? AvatarUrl,
    int? QuotaAllowance,
    IReadOnlyList<string?> AddUsers,
    IReadOnlyList<string?> RemoveUsers)
    : ICommand<GroupView>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.Group, AuditAction.Write, 200);
}

internal sealed class UpdateGroupValidator : AbstractValidator<UpdateGroup>
{
    public UpdateGroupValidator()
    {
        this.Field(r => r.Name, "name").IsGroupNameOrEmpty();
        this.Field(r => r.DisplayName, "display_name").IsGroupDisplayName();
    }
}

internal sealed class UpdateGroupHandler(IGroupStore groups, AuditTrail audit) : IRequestHandler<UpdateGroup, Result<GroupView>>
{
    public async Task<Result<GroupView>> Handle(UpdateGroup request, CancellationToken cancellationToken)
    {
        // Under a lock from the beginning: two changes of different fields at once must both stay.
        if (!PathIds.Parse(request.Group).Is(out var id, out var error))
        {
            return error;
        }

        if (await groups.LockAsync(id, cancellationToken) is not { } before
            || !Authorizer.Can(request.Actor, PermissionAction.Read, ObjectRef.Group(id, before.OrganizationId)))
        {
            return Error.NotFound;
        }

        audit.About(before);
        if (!Read(request).Is(out var change, out error))
        {
            return error;
        }

        if (!Authorizer.Can(request.Actor, PermissionAction.Update, ObjectRef.Group(id, before.OrganizationId)))
        {
            return Error.Forbidden;
        }

        if (GroupRules.JudgeChange(before, change) is { } refused)
        {
            return refused;
        }

        var after = change.ApplyTo(before);
        if (after != before && !await groups.UpdateAsync(after, cancellationToken))
        {
            return new Error(ErrorKind.Conflict, $"A group with name \"{after.Name}\" already exists.");
        }

        var members = await groups.MemberIdsAsync(id, cancellationToken);
        if (await ChangeMembersAsync(before, change, cancellationToken) is { } failed)
        {
            return failed;
        }

        audit.About(after).Changed(
            GroupAudit.Snapshot(before, members),
            GroupAudit.Snapshot(after, change.Users.Count == 0 ? members : await groups.MemberIdsAsync(id, cancellationToken)));
        var written = new GroupFilter { Ids = [id] };
        return (await groups.ListAsync(written, GroupSight.OfWritten(request.Actor), cancellationToken))[0];
    }

    private static Result<GroupChange> Read(UpdateGroup request)
    {
        if (!GroupRules.ParseUsers(request.AddUsers).Is(out var added, out var error)
            || !GroupRules.ParseUsers(request.RemoveUsers).Is(out var removed, out error))
        {
            return error;
        }

        return new GroupChange(request.Name, request.DisplayName, request.AvatarUrl, request.QuotaAllowance, added, removed);
    }

    private async Task<Error?> ChangeMembersAsync(Group group, GroupChange change, CancellationToken ct)
    {
        // Stock that is kept for an organization may be shared with a group before anybody claims it.
        var users = change.Users.Where(user => user != SystemActors.PrebuildsUserId).ToArray();
        if (users.Length > 0 && (await groups.HoldOrganizationMembersAsync(group.OrganizationId, users, ct)).Count < users.Length)
        {
            var view = await groups.ListAsync(new GroupFilter { Ids = [group.Id] }, new GroupSight(ReadScope.All, ReadScope.None), ct);
            return GroupRules.NotInOrganization(view[0].OrganizationName);
        }

        if (change.AddUsers.Count > 0
            && GroupRules.JudgeAdded(change.AddUsers, await groups.AddMembersAsync(group.Id, change.AddUsers, ct)) is { } twice)
        {
            return twice;
        }

        if (change.RemoveUsers.Count > 0)
        {
            await groups.RemoveMembersAsync(group.Id, change.RemoveUsers, ct);
        }

        return null;
    }
}
