using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Users;

/// <summary>Ends the session that the request came with, and every key of the user that only opens applications.</summary>
public sealed record LogOut(Actor Actor, string KeyId) : ICommand<Done>, ITransactional, IActorRequest;

internal sealed class LogOutHandler(IApiKeyStore keys) : IRequestHandler<LogOut, Result<Done>>
{
    public async Task<Result<Done>> Handle(LogOut request, CancellationToken cancellationToken)
    {
        await keys.EndSessionAsync(request.KeyId, request.Actor.UserId, cancellationToken);
        return Done.Value;
    }
}
