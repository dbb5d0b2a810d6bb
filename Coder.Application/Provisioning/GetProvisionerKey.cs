using System.Security.Cryptography;
using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using MediatR;

namespace Coder.Application.Provisioning;

/// <summary>
/// What a key is for. A daemon asks for its own one, by its id or by the secret that it has anyway; a user for any that he may see, by
/// its id.
/// </summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Key">As it stands in the path.</param>
public sealed record GetProvisionerKey(DaemonCaller Caller, string Key) : IQuery<ProvisionerKey>;

internal sealed class GetProvisionerKeyHandler(IProvisionerKeyStore keys) : IRequestHandler<GetProvisionerKey, Result<ProvisionerKey>>
{
    public async Task<Result<ProvisionerKey>> Handle(GetProvisionerKey request, CancellationToken cancellationToken)
    {
        var caller = request.Caller;
        if (caller.Key is { } own)
        {
            return Names(request.Key, own) && await keys.FindAsync(own.Id, cancellationToken) is { } mine ? mine : Error.NotFound;
        }

        if (!PathIds.Parse(request.Key).Is(out var id, out var error))
        {
            return error;
        }

        return caller.Actor is { } actor
            && await keys.FindAsync(id, cancellationToken) is { } found
            && Authorizer.Can(actor, PermissionAction.Read, found.Reference)
                ? found
                : Error.NotFound;
    }

    private static bool Names(string text, ProvisionerKeyFacts key) =>
        (Guid.TryParseExact(text, "D", out var id) && id == key.Id)
        || CryptographicOperations.FixedTimeEquals(DaemonAuthenticator.Hash(text), key.HashedSecret.Span);
}
