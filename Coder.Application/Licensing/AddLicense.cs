using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using FluentValidation;
using MediatR;

namespace Coder.Application.Licensing;

/// <summary>Stores a license; what it gives is in force before the answer is sent (docs/spec/licensing.md, section 5).</summary>
[RequiresPermission(ResourceType.License, PermissionAction.Create)]
public sealed record AddLicense(Actor Actor, string License) : ICommand<LicenseInfo>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.License, AuditAction.Create, 201);

    /// <summary>Does not print the license.</summary>
    public override string ToString() => nameof(AddLicense);
}

internal sealed class AddLicenseValidator : AbstractValidator<AddLicense>
{
    public AddLicenseValidator() => this.Field(r => r.License, "license").Required().IsSecret();
}

internal sealed class AddLicenseHandler(
    LicenseIntake intake,
    IEntitlementRefresher entitlements,
    IEntitlementComputer computer,
    INotifier notifier,
    IAfterCommit afterCommit,
    AuditTrail audit)
    : IRequestHandler<AddLicense, Result<LicenseInfo>>
{
    public async Task<Result<LicenseInfo>> Handle(AddLicense request, CancellationToken cancellationToken)
    {
        audit.About(Guid.Empty, "");
        if (!(await intake.TakeAsync(request.License, cancellationToken)).Is(out var license, out var error))
        {
            return error;
        }

        audit.About(license.Info.Uuid, LicenseAudit.Target(license.Info.Id))
            .Changed(null, LicenseAudit.Snapshot(license.Info.Uuid, license.Info.UploadedAt, license.Exp));
        if (await computer.IsLicensedAsync(FeatureName.AuditLog, cancellationToken))
        {
            audit.Force();
        }

        await notifier.NotifyAsync(NotificationChannels.Licenses, "add", cancellationToken);
        afterCommit.Do(entitlements.UpdateAsync);
        return license.Info;
    }
}
