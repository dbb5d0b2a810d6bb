using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Users;

/// <summary>Ends the session that the request came with, and every key of the user that only opens applications.</summary>
public sealed record LogOut(Actor Actor, string KeyId) : ICommand<Done>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.ApiKey, AuditAction.Logout, 200);
}

internal sealed class LogOutHandler(IApiKeyStore keys, AuditTrail audit) : IRequestHandler<LogOut, Result<Done>>
{
    public async Task<Result<Done>> Handle(LogOut request, CancellationToken cancellationToken)
    {
        await keys.EndSessionAsync(request.KeyId, request.Actor.UserId, cancellationToken);
        audit.About(request.Actor.UserId, "");
        return Done.Value;
    }
}
