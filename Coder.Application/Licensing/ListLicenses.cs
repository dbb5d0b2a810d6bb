using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Licensing;

/// <summary>All licenses that the caller may read, ordered by id; expired, untrusted and damaged ones too.</summary>
public sealed record ListLicenses(Actor Actor) : IQuery<IReadOnlyList<LicenseInfo>>, IActorRequest;

internal sealed class ListLicensesHandler(ILicenseStore licenses) : IRequestHandler<ListLicenses, Result<IReadOnlyList<LicenseInfo>>>
{
    public async Task<Result<IReadOnlyList<LicenseInfo>>> Handle(ListLicenses request, CancellationToken cancellationToken)
    {
        // A license belongs to nobody and to no organization, so a caller may read all or none.
        if (!Authorizer.Can(request.Actor, PermissionAction.Read, new ObjectRef(ResourceType.License)))
        {
            return Array.Empty<LicenseInfo>();
        }

        var stored = await licenses.ListAsync(cancellationToken);
        return stored.Select(l => new LicenseInfo(l.Id, l.Uuid, l.UploadedAt, LicensePayload.ReadClaims(l.Token))).ToArray();
    }
}
