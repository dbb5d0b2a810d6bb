using Coder.Domain.Authorization;
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

    /// <summary>The organizations of a scope, ordered by name without regard to case.</summary>
    Task<IReadOnlyList<Organization>> ListAsync(ReadScope scope, CancellationToken ct);

    /// <summary>Keeps an organization from being deleted until this transaction ends. Whatever is put into one starts with this.</summary>
    /// <returns><see langword="false"/> when it is deleted already.</returns>
    Task<bool> HoldAsync(Guid id, CancellationToken ct);

    /// <summary>Reads an organization and lets nobody else change it, or put something into it, until this transaction ends.</summary>
    Task<Organization?> LockAsync(Guid id, CancellationToken ct);

    /// <summary>Adds an organization with its Everyone group, and makes the user its first member.</summary>
    /// <returns><see langword="false"/> when the name is taken, also by a simultaneous call.</returns>
    Task<bool> AddAsync(Organization organization, Guid creator, CancellationToken ct);

    /// <summary>Stores name, display name, description, icon and time of change.</summary>
    /// <returns><see langword="false"/> when the name is taken; the transaction can then only be rolled back.</returns>
    Task<bool> UpdateAsync(Organization organization, CancellationToken ct);

    /// <summary>
    /// Deletes an organization: its name is free, and its memberships, groups and custom roles are gone, so that nothing has to ask
    /// whether an organization still counts.
    /// </summary>
    Task DeleteAsync(Guid id, DateTimeOffset now, CancellationToken ct);
}

/// <summary>
/// Counts one kind of thing that keeps an organization from being deleted. Every feature that puts things into one has such a part.
/// </summary>
public interface IOrganizationContents
{
    /// <summary>Counts, in the transaction that is about to delete the organization.</summary>
    Task<OrganizationContent> CountAsync(Guid organization, CancellationToken ct);
}

/// <summary>Memberships in organizations.</summary>
public interface IOrganizationMemberStore
{
    /// <summary>Members that are not deleted and not of the system, ordered by username without regard to case.</summary>
    /// <param name="organization">The organization.</param>
    /// <param name="scope">Which memberships the caller may read.</param>
    /// <param name="limit">How many at most; 0 for all.</param>
    /// <param name="offset">How many to pass over.</param>
    /// <param name="ct">Cancels the query.</param>
    Task<IReadOnlyList<OrganizationMemberProfile>> ListAsync(Guid organization, ReadScope scope, int limit, int offset, CancellationToken ct);

    /// <summary>How many <see cref="ListAsync"/> finds without a limit.</summary>
    Task<long> CountAsync(Guid organization, ReadScope scope, CancellationToken ct);

    /// <summary>Finds a member that is not deleted.</summary>
    Task<OrganizationMemberProfile?> FindAsync(Guid organization, Guid user, CancellationToken ct);

    /// <summary>Finds a member that is not deleted, without regard to case.</summary>
    Task<OrganizationMemberProfile?> FindByNameAsync(Guid organization, string username, CancellationToken ct);

    /// <summary>Reads a membership and lets nobody else change it until this transaction ends.</summary>
    Task<OrganizationMember?> LockAsync(Guid organization, Guid user, CancellationToken ct);

    /// <summary>Adds a membership.</summary>
    /// <returns><see langword="false"/> when the user is a member already, also by a simultaneous call.</returns>
    Task<bool> AddAsync(OrganizationMember member, CancellationToken ct);

    /// <summary>Ends a membership, and those in the groups of the organization with it.</summary>
    /// <returns><see langword="false"/> when there is none.</returns>
    Task<bool> RemoveAsync(Guid organization, Guid user, CancellationToken ct);

    /// <summary>Stores the roles and the time of change.</summary>
    Task SetRolesAsync(OrganizationMember member, CancellationToken ct);
}

/// <summary>Custom roles of organizations, by their stored names.</summary>
public interface ICustomRoleStore
{
    /// <summary>All of an organization, ordered by name.</summary>
    Task<IReadOnlyList<CustomRole>> ListAsync(Guid organization, CancellationToken ct);

    /// <summary>
    /// The same, and keeps them from being deleted until this transaction ends: a name must not be given to a member after its role is
    /// gone.
    /// </summary>
    Task<IReadOnlyList<CustomRole>> HoldAsync(Guid organization, CancellationToken ct);

    /// <summary>Reads a role and lets nobody else change or give it until this transaction ends.</summary>
    Task<CustomRoleRecord?> LockAsync(Guid organization, string name, CancellationToken ct);

    /// <summary>Adds a role.</summary>
    /// <returns><see langword="false"/> when the organization has one of that name, also by a simultaneous call.</returns>
    Task<bool> AddAsync(CustomRoleRecord role, DateTimeOffset now, CancellationToken ct);

    /// <summary>Stores display name and permissions.</summary>
    Task UpdateAsync(CustomRoleRecord role, DateTimeOffset now, CancellationToken ct);

    /// <summary>Deletes a role and takes it from every member.</summary>
    Task DeleteAsync(Guid id, CancellationToken ct);
}

/// <summary>A stored custom role.</summary>
/// <param name="Id">Never changes.</param>
/// <param name="Role">What it is called and grants.</param>
public sealed record CustomRoleRecord(Guid Id, CustomRole Role);
