using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;
using MediatR;

namespace Coder.Application.Users;

/// <summary>How a user wants the user interface to look.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="User">See <see cref="UserLookup"/>.</param>
public sealed record GetAppearance(Actor Actor, string User) : IQuery<UserAppearance>, IActorRequest;

internal sealed class GetAppearanceHandler(UserLookup users, IAccountStore accounts) : IRequestHandler<GetAppearance, Result<UserAppearance>>
{
    public async Task<Result<UserAppearance>> Handle(GetAppearance request, CancellationToken cancellationToken)
    {
        if (!(await users.FindAsync(request.Actor, request.User, cancellationToken)).Is(out var user, out var error))
        {
            return error;
        }

        return Authorizer.Can(request.Actor, PermissionAction.ReadPersonal, ObjectRef.User(user.Id))
            ? await accounts.FindAppearanceAsync(user.Id, cancellationToken)
            : Error.Forbidden;
    }
}
