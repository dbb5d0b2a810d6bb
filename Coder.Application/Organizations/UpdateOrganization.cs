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

/// <summary>Changes what is given of an organization; <see langword="null"/> leaves a field as it is.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Organization">See <see cref="OrganizationLookup"/>.</param>
/// <param name="Name">Empty leaves it too.</param>
/// <param name="DisplayName">Empty leaves it too.</param>
/// <param name="Description">May be emptied.</param>
/// <param name="Icon">May be emptied.</param>
[RequiresFeature(FeatureName.MultipleOrganizations)]
public sealed record UpdateOrganization(
    Actor Actor, string Organization, string? Name, string? DisplayName, string? Description, string? Icon)
    : ICommand<Organization>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.Organization, AuditAction.Write, 200);
}

internal sealed class UpdateOrganizationValidator : AbstractValidator<UpdateOrganization>
{
    public UpdateOrganizationValidator()
    {
        this.Field(r => r.Name, "name").Tagged("organization_name", name => string.IsNullOrEmpty(name) || NameRules.IsName(name));
        this.Field(r => r.DisplayName, "display_name").Tagged("organization_display_name", NameRules.IsDisplayName);
    }
}

internal sealed class UpdateOrganizationHandler(
    OrganizationLookup lookup, IOrganizationStore organizations, TimeProvider time, AuditTrail audit)
    : IRequestHandler<UpdateOrganization, Result<Organization>>
{
    public async Task<Result<Organization>> Handle(UpdateOrganization request, CancellationToken cancellationToken)
    {
        if (!(await lookup.FindAsync(request.Actor, request.Organization, cancellationToken)).Is(out var found, out var error))
        {
            return error;
        }

        audit.About(found);
        if (OrganizationRules.Reserved(request.Name ?? "") is { } reserved)
        {
            return reserved;
        }

        if (!Authorizer.Can(request.Actor, PermissionAction.Update, ObjectRef.OfOrganization(found.Id)))
        {
            return Error.Forbidden;
        }

        // Read again under a lock: two changes of different fields at once must both stay.
        if (await organizations.LockAsync(found.Id, cancellationToken) is not { } before)
        {
            return Error.NotFound;
        }

        var after = before with
        {
            Name = GivenOr(request.Name, before.Name),
            DisplayName = GivenOr(request.DisplayName, before.DisplayName),
            Description = request.Description ?? before.Description,
            Icon = request.Icon ?? before.Icon,
            UpdatedAt = time.GetUtcNow().ToMicroseconds(),
        };
        if (!await organizations.UpdateAsync(after, cancellationToken))
        {
            var message = $"Organization already exists with the name \"{after.Name}\".";
            return new Error(ErrorKind.Conflict, message, null, [new FieldError("name", "This value is already in use and should be unique.")]);
        }

        audit.About(after).Changed(OrganizationAudit.Snapshot(before), OrganizationAudit.Snapshot(after));
        return after;
    }

    private static string GivenOr(string? given, string present) => string.IsNullOrEmpty(given) ? present : given;
}
