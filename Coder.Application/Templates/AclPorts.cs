using Coder.Domain.Users;

namespace Coder.Application.Templates;

/// <summary>The people and groups that templates are shared with; deleted users and users of the system are not there.</summary>
public interface ITemplateAclDirectory
{
    /// <summary>Reads users, ordered by name, whoever may see them.</summary>
    Task<IReadOnlyList<User>> UsersAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct);

    /// <summary>Which of these users exist. They can not be deleted before this transaction ends.</summary>
    Task<IReadOnlyList<Guid>> HoldUsersAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct);

    /// <summary>Which of these groups belong to an organization. They can not be deleted before this transaction ends.</summary>
    Task<IReadOnlyList<Guid>> HoldGroupsAsync(Guid organization, IReadOnlyCollection<Guid> ids, CancellationToken ct);

    /// <summary>The members of an organization whom a search finds, ordered by name.</summary>
    /// <param name="organization">The organization.</param>
    /// <param name="words">Each stands somewhere in the address, the username or the real name; lower-case.</param>
    /// <param name="limit">At most so many; 0: all.</param>
    /// <param name="ct">Cancels the statement.</param>
    Task<IReadOnlyList<ReducedUser>> CandidatesAsync(Guid organization, IReadOnlyList<string> words, int limit, CancellationToken ct);
}
