using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;
using MediatR;

namespace Coder.Application.Users;

/// <summary>The users that the caller may read and a search asks for, in the order of their names (docs/spec/platform.md, section 8.2).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Search">See <see cref="UserQueryParser"/>.</param>
/// <param name="Page">Which part of them.</param>
public sealed record ListUsers(Actor Actor, string Search, Page Page) : IQuery<UserPage>, IActorRequest;

/// <summary>A part of a list of users.</summary>
/// <param name="Users">The part.</param>
/// <param name="Count">How many there are on all pages.</param>
public sealed record UserPage(IReadOnlyList<User> Users, long Count);

internal sealed class ListUsersHandler(IUserStore users, AuthorizationOptions options) : IRequestHandler<ListUsers, Result<UserPage>>
{
    public async Task<Result<UserPage>> Handle(ListUsers request, CancellationToken cancellationToken)
    {
        if (!UserQueryParser.Parse(request.Search).Is(out var filter, out var error))
        {
            return error;
        }

        var scope = Authorizer.ReadScope(request.Actor, ResourceType.User);
        if (scope.Kind == ReadScopeKind.None)
        {
            return new UserPage([], 0);
        }

        filter = filter with { Reach = UserReach.Of(request.Actor, options, filter) };
        var page = await users.ListAsync(filter, scope, request.Page, cancellationToken);
        return new UserPage(page, await users.CountAsync(filter, scope, cancellationToken));
    }
}
