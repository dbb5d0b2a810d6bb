using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;
using MediatR;

namespace Coder.Application.Users;

/// <summary>Reads a session or token of a user by its id; 404 when it is missing, hidden, or somebody else's.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="User">See <see cref="UserLookup"/>.</param>
/// <param name="KeyId">See <see cref="ApiKeyToken.Id"/>.</param>
public sealed record GetApiKey(Actor Actor, string User, string KeyId) : IQuery<StoredApiKey>, IActorRequest;

internal sealed class GetApiKeyHandler(KeyLookup keys) : IRequestHandler<GetApiKey, Result<StoredApiKey>>
{
    public Task<Result<StoredApiKey>> Handle(GetApiKey request, CancellationToken cancellationToken) =>
        keys.FindAsync(request.Actor, request.User, request.KeyId, cancellationToken);
}
