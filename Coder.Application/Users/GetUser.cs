using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;
using MediatR;

namespace Coder.Application.Users;

/// <summary>Reads a user.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Name">See <see cref="UserLookup"/>.</param>
public sealed record GetUser(Actor Actor, string Name) : IQuery<User>, IActorRequest;

internal sealed class GetUserHandler(UserLookup users) : IRequestHandler<GetUser, Result<User>>
{
    public Task<Result<User>> Handle(GetUser request, CancellationToken cancellationToken) =>
        users.FindAsync(request.Actor, request.Name, cancellationToken);
}
