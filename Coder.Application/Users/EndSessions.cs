using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Users;

/// <summary>Ends the sessions of a user, with effect on their next use; tokens stay (docs/spec/platform.md, section 12).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="User">See <see cref="UserLookup"/>.</param>
/// <param name="Except">The key id of a session to keep, or <see langword="null"/> to end all.</param>
public sealed record EndSessions(Actor Actor, string User, string? Except) : ICommand<Done>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.ApiKey, AuditAction.Delete, 204);
}

internal sealed class EndSessionsHandler(KeyLookup lookup, IKeyDirectory keys, AuditTrail audit) : IRequestHandler<EndSessions, Result<Done>>
{
    public async Task<Result<Done>> Handle(EndSessions request, CancellationToken cancellationToken)
    {
        var found = await lookup.FindUserAsync(
            request.Actor, request.User, PermissionAction.Delete, Error.Forbidden, cancellationToken);
        if (!found.Is(out var user, out var error))
        {
            return error;
        }

        var ended = await keys.EndSessionsAsync(user.Id, request.Except, cancellationToken);
        audit.With("ended_sessions", ended);
        if (ended == 0)
        {
            audit.Skip();
        }

        return Done.Value;
    }
}
