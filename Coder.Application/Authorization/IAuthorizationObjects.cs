using Coder.Domain.Authorization;

namespace Coder.Application.Authorization;

/// <summary>
/// Finds objects of one type by their ids, as decisions see them. Each feature registers one for its own type; of a type without one
/// no object is found.
/// </summary>
public interface IAuthorizationObjects
{
    /// <summary>The type.</summary>
    ResourceType Type { get; }

    /// <summary>Reads all of them in one statement, whoever may see them.</summary>
    /// <returns>Those that exist, by id.</returns>
    Task<IReadOnlyDictionary<Guid, ObjectRef>> FindAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct);
}
