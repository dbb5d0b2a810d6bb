using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Application.Organizations;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Groups;
using Coder.Domain.Licensing;
using FluentValidation;
using MediatR;

namespace Coder.Application.Groups;

/// <summary>Makes a group without members in an organization.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">See <see cref="OrganizationLookup"/>.</param>
/// <param name="Name">See <see cref="Domain.Users.NameRules.IsGroupName"/>.</param>
/// <param name="DisplayName">May be empty.</param>
/// <param name="AvatarUrl">May be empty.</param>
/// <param name="QuotaAllowance">See <see cref="Group.QuotaAllowance"/>.</param>
[RequiresFeature(FeatureName.TemplateRbac)]
public sealed record CreateGroup(
    Actor Actor, string Organization, string Name, string DisplayName, string AvatarUrl, int QuotaAllowance)
    : ICommand<GroupView>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.Group, AuditAction.Create, 201);
}

internal sealed class CreateGroupValidator : AbstractValidator<CreateGroup>
{
    public CreateGroupValidator()
    {
        this.Field(r => r.Name, "name").Required().IsGroupName();
        this.Field(r => r.DisplayName, "display_name").IsGroupDisplayName();
    }
}

internal sealed class CreateGroupHandler(OrganizationLookup lookup, IGroupStore groups, IIds ids, AuditTrail audit)
    : IRequestHandler<CreateGroup, Result<GroupView>>
{
    public async Task<Result<GroupView>> Handle(CreateGroup request, CancellationToken cancellationToken)
    {
        if (!(await lookup.FindAsync(request.Actor, request.Organization, cancellationToken)).Is(out var organization, out var error))
        {
            return error;
        }

        audit.About(Guid.Empty, request.Name, organization.Id);
        if (GroupRules.JudgeName(request.Name) is { } refused)
        {
            return refused;
        }

        if (!Authorizer.Can(request.Actor, PermissionAction.Create, ObjectRef.In(organization.Id, ResourceType.Group)))
        {
            return Error.Forbidden;
        }

        var group = new Group
        {
            Id = ids.Random(),
            Name = request.Name,
            DisplayName = request.DisplayName,
            OrganizationId = organization.Id,
            AvatarUrl = request.AvatarUrl,
            QuotaAllowance = request.QuotaAllowance,
            Source = GroupSource.User,
        };
        if (!await groups.AddAsync(group, cancellationToken))
        {
            return new Error(ErrorKind.Conflict, $"A group named \"{group.Name}\" already exists.");
        }

        audit.About(group).Changed(null, GroupAudit.Snapshot(group, []));
        return new GroupView(group, organization.Name, organization.DisplayName, [], 0);
    }
}
