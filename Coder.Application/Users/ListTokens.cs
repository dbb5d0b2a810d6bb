using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;
using MediatR;

namespace Coder.Application.Users;

/// <summary>Tokens that the caller may read, newest first; no sessions.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="User">See <see cref="UserLookup"/>.</param>
/// <param name="IncludeAll">Those of everybody instead of those of the user.</param>
public sealed record ListTokens(Actor Actor, string User, bool IncludeAll) : IQuery<IReadOnlyList<StoredApiKey>>, IActorRequest;

internal sealed class ListTokensHandler(UserLookup users, IKeyDirectory keys) : IRequestHandler<ListTokens, Result<IReadOnlyList<StoredApiKey>>>
{
    public async Task<Result<IReadOnlyList<StoredApiKey>>> Handle(ListTokens request, CancellationToken cancellationToken)
    {
        if (!(await users.FindAsync(request.Actor, request.User, cancellationToken)).Is(out var user, out var error))
        {
            return error;
        }

        var scope = Authorizer.ReadScope(request.Actor, ResourceType.ApiKey);
        return scope.Kind == ReadScopeKind.None
            ? Array.Empty<StoredApiKey>()
            : Result<IReadOnlyList<StoredApiKey>>.From(
                await keys.ListTokensAsync(request.IncludeAll ? null : user.Id, scope, cancellationToken));
    }
}
