using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;
using MediatR;

namespace Coder.Application.Users;

/// <summary>Reads a user.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Name">See <see cref="UserLookup"/>.</param>
public sealed record GetUser(Actor Actor, string Name) : IQuery<User>, IActorRequest
{
    /// <summary>The account of the actor where authentication has just read it, which saves reading it for <c>me</c> again.</summary>
    public User? Caller { get; init; }
}

internal sealed class GetUserHandler(UserLookup users) : IRequestHandler<GetUser, Result<User>>
{
    public Task<Result<User>> Handle(GetUser request, CancellationToken cancellationToken) => request is { Name: UserLookup.Me, Caller: { } caller }
        ? Task.FromResult(UserLookup.Judge(request.Actor, request.Name, caller))
        : users.FindAsync(request.Actor, request.Name, cancellationToken);
}
