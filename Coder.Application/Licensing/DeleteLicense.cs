using System.Globalization;
using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Licensing;

/// <summary>Deletes a license. Judged in this order: the form of the id, the permission, the existence (docs/spec/licensing.md, section 6).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Id">As it stands in the path.</param>
public sealed record DeleteLicense(Actor Actor, string Id) : ICommand<Done>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.License, AuditAction.Delete, 200);
}

internal sealed class DeleteLicenseHandler(
    ILicenseStore licenses, IEntitlementRefresher entitlements, INotifier notifier, IAfterCommit afterCommit, AuditTrail audit)
    : IRequestHandler<DeleteLicense, Result<Done>>
{
    private static readonly Error NotANumber = new(ErrorKind.NotFound, "License ID must be an integer");
    private static readonly Error Unknown = new(ErrorKind.NotFound, "Unknown license ID");

    public async Task<Result<Done>> Handle(DeleteLicense request, CancellationToken cancellationToken)
    {
        if (!int.TryParse(request.Id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id))
        {
            return NotANumber;
        }

        audit.About(Guid.Empty, LicenseAudit.Target(id));
        if (!Authorizer.Can(request.Actor, PermissionAction.Delete, new ObjectRef(ResourceType.License)))
        {
            return Error.Forbidden;
        }

        if (await licenses.DeleteAsync(id, cancellationToken) is not { } deleted)
        {
            return Unknown;
        }

        audit.About(deleted.Uuid, LicenseAudit.Target(id))
            .Changed(LicenseAudit.Snapshot(deleted.Uuid, deleted.UploadedAt, deleted.Exp), null);
        await notifier.NotifyAsync(NotificationChannels.Licenses, "delete", cancellationToken);
        afterCommit.Do(entitlements.UpdateAsync);
        return Done.Value;
    }
}
