using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;
using MediatR;

namespace Coder.Application.Users;

/// <summary>Reads a token of a user by its name; 404 when it is missing, hidden, or somebody else's.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="User">See <see cref="UserLookup"/>.</param>
/// <param name="Name">Compared exactly.</param>
public sealed record GetToken(Actor Actor, string User, string Name) : IQuery<StoredApiKey>, IActorRequest;

internal sealed class GetTokenHandler(KeyLookup keys) : IRequestHandler<GetToken, Result<StoredApiKey>>
{
    public Task<Result<StoredApiKey>> Handle(GetToken request, CancellationToken cancellationToken) =>
        keys.FindTokenAsync(request.Actor, request.User, request.Name, cancellationToken);
}
