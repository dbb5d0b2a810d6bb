using Coder.Domain.Users;

namespace Coder.Application.Users;

/// <summary>People as histories know them: those who were deleted are still there.</summary>
public interface IUserDirectory
{
    /// <summary>
    /// The users of a name, without regard to case: the one who has it now, or, if nobody does, all deleted ones who had it.
    /// </summary>
    Task<IReadOnlyList<Guid>> IdsByUsernameAsync(string username, CancellationToken ct);

    /// <summary>The same by email.</summary>
    Task<IReadOnlyList<Guid>> IdsByEmailAsync(string email, CancellationToken ct);

    /// <summary>All users who have an address or had it when they were deleted, without regard to case.</summary>
    Task<IReadOnlyList<Guid>> IdsEverByEmailAsync(string email, CancellationToken ct);

    /// <summary>The users with these ids, deleted ones included, in no particular order.</summary>
    Task<IReadOnlyList<User>> FindAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct);
}
