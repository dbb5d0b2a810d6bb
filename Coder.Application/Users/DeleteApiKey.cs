using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;
using MediatR;

namespace Coder.Application.Users;

/// <summary>Deletes a session or token of a user, with effect on its next use.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="User">See <see cref="UserLookup"/>.</param>
/// <param name="KeyId">See <see cref="ApiKeyToken.Id"/>.</param>
public sealed record DeleteApiKey(Actor Actor, string User, string KeyId) : ICommand<Done>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.ApiKey, AuditAction.Delete, 204);
}

internal sealed class DeleteApiKeyHandler(KeyLookup lookup, IKeyDirectory keys, AuditTrail audit) : IRequestHandler<DeleteApiKey, Result<Done>>
{
    public async Task<Result<Done>> Handle(DeleteApiKey request, CancellationToken cancellationToken)
    {
        if (!(await lookup.FindAsync(request.Actor, request.User, request.KeyId, cancellationToken)).Is(out var key, out var error))
        {
            return error;
        }

        audit.About(key.UserId, key.TokenName).Changed(ApiKeyAudit.Snapshot(key), null);
        if (!Authorizer.Can(request.Actor, PermissionAction.Delete, ObjectRef.ApiKey(key.UserId)))
        {
            return Error.Forbidden;
        }

        return await keys.DeleteAsync(key.Id, cancellationToken) ? Done.Value : Error.NotFound;
    }
}
