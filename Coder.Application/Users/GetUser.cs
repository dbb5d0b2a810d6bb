using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;
using MediatR;

namespace Coder.Application.Users;

/// <summary>Reads a user.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Name">An id, a username without regard to case, or <c>me</c>. What looks like an id is never taken for a name.</param>
public sealed record GetUser(Actor Actor, string Name) : IQuery<User>, IActorRequest;

internal sealed class GetUserHandler(IUserStore users) : IRequestHandler<GetUser, Result<User>>
{
    public async Task<Result<User>> Handle(GetUser request, CancellationToken cancellationToken)
    {
        var isMe = request.Name == "me";
        var user = isMe ? await users.FindAsync(request.Actor.UserId, cancellationToken)
            : Guid.TryParseExact(request.Name, "D", out var id) ? await users.FindAsync(id, cancellationToken)
            : await users.FindByNameAsync(request.Name, cancellationToken);
        if (user is not null && Authorizer.Can(request.Actor, PermissionAction.Read, ObjectRef.User(user.Id)))
        {
            return user;
        }

        return isMe ? Error.NotFound : Unknown(request.Name);
    }

    private static Error Unknown(string name) =>
        new(ErrorKind.Invalid, "\"user\" must be an existing uuid or username.", $"queried user=\"{name}\"");
}
