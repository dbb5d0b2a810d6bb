using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;
using MediatR;

namespace Coder.Application.Users;

/// <summary>The sessions of a user that live, last used first; no tokens (docs/spec/platform.md, section 12).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="User">See <see cref="UserLookup"/>.</param>
public sealed record ListSessions(Actor Actor, string User) : IQuery<IReadOnlyList<StoredApiKey>>, IActorRequest;

internal sealed class ListSessionsHandler(UserLookup users, IKeyDirectory keys, TimeProvider time)
    : IRequestHandler<ListSessions, Result<IReadOnlyList<StoredApiKey>>>
{
    public async Task<Result<IReadOnlyList<StoredApiKey>>> Handle(ListSessions request, CancellationToken cancellationToken)
    {
        if (!(await users.FindAsync(request.Actor, request.User, cancellationToken)).Is(out var user, out var error))
        {
            return error;
        }

        var scope = Authorizer.ReadScope(request.Actor, ResourceType.ApiKey);
        return scope.Kind == ReadScopeKind.None
            ? Array.Empty<StoredApiKey>()
            : Result<IReadOnlyList<StoredApiKey>>.From(
                await keys.ListSessionsAsync(user.Id, scope, time.GetUtcNow(), cancellationToken));
    }
}
