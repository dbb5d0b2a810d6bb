using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;

namespace Coder.Application.Users;

/// <summary>Turns a <c>{user}</c> of a path into a user that the caller may read (docs/spec/platform.md, section 4).</summary>
public sealed class UserLookup(IUserStore users)
{
    /// <summary>The caller.</summary>
    internal const string Me = "me";

    /// <summary>Finds a user.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="name">An id, a username without regard to case, or <c>me</c>. What looks like an id is never taken for a name.</param>
    /// <param name="ct">Cancels the look-up.</param>
    /// <returns>
    /// The user; 400 when there is none or the caller may not read it, in the same words; 404 for <c>me</c> that vanished or whose
    /// credential may not see its own user.
    /// </returns>
    public async Task<Result<User>> FindAsync(Actor actor, string name, CancellationToken ct)
    {
        var user = name == Me ? await users.FindAsync(actor.UserId, ct)
            : Guid.TryParseExact(name, "D", out var id) ? await users.FindAsync(id, ct)
            : await users.FindByNameAsync(name, ct);
        return Judge(actor, name, user);
    }

    /// <summary>What the caller is told of what was found.</summary>
    internal static Result<User> Judge(Actor actor, string name, User? user)
    {
        if (user is not null && Authorizer.Can(actor, PermissionAction.Read, ObjectRef.User(user.Id)))
        {
            return user;
        }

        return name == Me
            ? Error.NotFound
            : new Error(ErrorKind.Invalid, "\"user\" must be an existing uuid or username.", $"queried user=\"{name}\"");
    }
}
