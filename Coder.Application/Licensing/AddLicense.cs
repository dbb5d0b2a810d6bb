using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using FluentValidation;
using MediatR;

namespace Coder.Application.Licensing;

/// <summary>Stores a license; what it gives is in force before the answer is sent (docs/spec/licensing.md, section 5).</summary>
[RequiresPermission(ResourceType.License, PermissionAction.Create)]
public sealed record AddLicense(Actor Actor, string License) : ICommand<LicenseInfo>, ITransactional, IActorRequest
{
    /// <summary>Does not print the license.</summary>
    public override string ToString() => nameof(AddLicense);
}

internal sealed class AddLicenseValidator : AbstractValidator<AddLicense>
{
    public AddLicenseValidator() => this.Field(r => r.License, "license").Required().IsSecret();
}

internal sealed class AddLicenseHandler(
    LicenseIntake intake, IEntitlementRefresher entitlements, INotifier notifier, IAfterCommit afterCommit)
    : IRequestHandler<AddLicense, Result<LicenseInfo>>
{
    public async Task<Result<LicenseInfo>> Handle(AddLicense request, CancellationToken cancellationToken)
    {
        var license = await intake.TakeAsync(request.License, cancellationToken);
        if (license.Error is null)
        {
            await notifier.NotifyAsync(NotificationChannels.Licenses, "add", cancellationToken);
            afterCommit.Do(entitlements.UpdateAsync);
        }

        return license;
    }
}
