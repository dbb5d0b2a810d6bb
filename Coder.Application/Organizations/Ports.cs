using Coder.Domain.Organizations;

namespace Coder.Application.Organizations;

/// <summary>Organizations that are not deleted.</summary>
public interface IOrganizationStore
{
    /// <summary>The id of the one default organization, which the migrations make.</summary>
    Task<Guid> DefaultIdAsync(CancellationToken ct);

    /// <summary>Finds an organization.</summary>
    Task<Organization?> FindAsync(Guid id, CancellationToken ct);

    /// <summary>Finds an organization, without regard to case.</summary>
    Task<Organization?> FindByNameAsync(string name, CancellationToken ct);

    /// <summary>The organizations with these ids, deleted ones included, in no particular order: histories outlive them.</summary>
    Task<IReadOnlyList<Organization>> FindEverAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct);

    /// <summary>The default organization.</summary>
    Task<Organization?> FindDefaultAsync(CancellationToken ct);
}
