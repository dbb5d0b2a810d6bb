using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using Coder.Domain.Organizations;
using Coder.Domain.Users;
using FluentValidation;
using MediatR;

namespace Coder.Application.Organizations;

/// <summary>Makes an organization with its Everyone group and the caller as its first member.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Name">See <see cref="NameRules.IsName"/>.</param>
/// <param name="DisplayName">Empty for the name.</param>
/// <param name="Description">May be empty.</param>
/// <param name="Icon">May be empty.</param>
[RequiresFeature(FeatureName.MultipleOrganizations)]
public sealed record CreateOrganization(Actor Actor, string Name, string DisplayName, string Description, string Icon)
    : ICommand<Organization>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.Organization, AuditAction.Create, 201);
}

internal sealed class CreateOrganizationValidator : AbstractValidator<CreateOrganization>
{
    public CreateOrganizationValidator()
    {
        this.Field(r => r.Name, "name").Required().Tagged("organization_name", NameRules.IsName);
        this.Field(r => r.DisplayName, "display_name").Tagged("organization_display_name", NameRules.IsDisplayName);
    }
}

internal sealed class CreateOrganizationHandler(IOrganizationStore organizations, IIds ids, TimeProvider time, AuditTrail audit)
    : IRequestHandler<CreateOrganization, Result<Organization>>
{
    private static readonly Error Taken = new(ErrorKind.Conflict, "Organization already exists with that name.");

    public async Task<Result<Organization>> Handle(CreateOrganization request, CancellationToken cancellationToken)
    {
        audit.About(Guid.Empty, request.Name);
        if (OrganizationRules.Reserved(request.Name) is { } reserved)
        {
            return reserved;
        }

        if (!Authorizer.Can(request.Actor, PermissionAction.Create, new ObjectRef(ResourceType.Organization)))
        {
            return Error.Forbidden;
        }

        var now = time.GetUtcNow().ToMicroseconds();
        var organization = new Organization
        {
            Id = ids.Random(),
            Name = request.Name,
            DisplayName = request.DisplayName.Length == 0 ? request.Name : request.DisplayName,
            Description = request.Description,
            Icon = request.Icon,
            CreatedAt = now,
            UpdatedAt = now,
            IsDefault = false,
        };
        if (!await organizations.AddAsync(organization, request.Actor.UserId, cancellationToken))
        {
            return Taken;
        }

        audit.About(organization).Changed(null, OrganizationAudit.Snapshot(organization));
        return organization;
    }
}
