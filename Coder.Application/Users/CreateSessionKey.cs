using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;
using MediatR;

namespace Coder.Application.Users;

/// <summary>Makes a session that lives as long as a token without a lifetime of its own (docs/spec/platform.md, section 5.3).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="User">See <see cref="UserLookup"/>.</param>
/// <param name="IpAddress">Where it is asked for.</param>
public sealed record CreateSessionKey(Actor Actor, string User, string IpAddress) : ICommand<ApiKeyToken>, ITransactional, IAudited, IActorRequest
{
    /// <inheritdoc/>
    public AuditedAction Audited { get; } = new(AuditResourceType.ApiKey, AuditAction.Create, 201);
}

internal sealed class CreateSessionKeyHandler(KeyLookup lookup, ApiKeyIssuer issuer, TokenLifetimes lifetimes)
    : IRequestHandler<CreateSessionKey, Result<ApiKeyToken>>
{
    private static readonly Error NoSessions = new(ErrorKind.Invalid, "Service accounts have tokens and no sessions.");

    public async Task<Result<ApiKeyToken>> Handle(CreateSessionKey request, CancellationToken cancellationToken)
    {
        var found = await lookup.FindUserAsync(
            request.Actor, request.User, PermissionAction.Create, Error.Forbidden, cancellationToken);
        if (!found.Is(out var user, out var error))
        {
            return error;
        }

        if (user.IsServiceAccount)
        {
            return NoSessions;
        }

        if (!request.Actor.Scope.Covers(KeyScope.All))
        {
            return ApiKeyIssuer.Beyond;
        }

        var token = await issuer.IssueAsync(
            user.Id, LoginType.Password, lifetimes.Default, KeyScope.All, "", request.IpAddress, cancellationToken);
        return token ?? throw new InvalidOperationException("Only tokens have names that can be taken.");
    }
}
