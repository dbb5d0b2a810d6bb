using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;
using MediatR;

namespace Coder.Application.Users;

/// <summary>The most that a token of a user may live.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="User">See <see cref="UserLookup"/>.</param>
public sealed record GetTokenLifetime(Actor Actor, string User) : IQuery<TimeSpan>, IActorRequest;

internal sealed class GetTokenLifetimeHandler(UserLookup users, TokenLifetimes lifetimes) : IRequestHandler<GetTokenLifetime, Result<TimeSpan>>
{
    public async Task<Result<TimeSpan>> Handle(GetTokenLifetime request, CancellationToken cancellationToken) =>
        (await users.FindAsync(request.Actor, request.User, cancellationToken)).Match(
            user => Result<TimeSpan>.From(lifetimes.MaximumFor(user.Roles, user.IsServiceAccount)), error => error);
}
