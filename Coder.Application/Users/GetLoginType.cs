using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;
using MediatR;

namespace Coder.Application.Users;

/// <summary>How a user signs in, for that user only.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="User">See <see cref="UserLookup"/>.</param>
public sealed record GetLoginType(Actor Actor, string User) : IQuery<LoginType>, IActorRequest;

internal sealed class GetLoginTypeHandler(UserLookup users) : IRequestHandler<GetLoginType, Result<LoginType>>
{
    private static readonly Error OfAnother = new(ErrorKind.Forbidden, "You are not authorized to view this user's login type.");

    public async Task<Result<LoginType>> Handle(GetLoginType request, CancellationToken cancellationToken)
    {
        if (!(await users.FindAsync(request.Actor, request.User, cancellationToken)).Is(out var user, out var error))
        {
            return error;
        }

        return user.Id == request.Actor.UserId ? user.LoginType : OfAnother;
    }
}
