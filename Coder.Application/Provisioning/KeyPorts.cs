using Coder.Domain.Authorization;
using Coder.Domain.Provisioning;

namespace Coder.Application.Provisioning;

/// <summary>The keys of provisioner daemons.</summary>
public interface IProvisionerKeyStore
{
    /// <summary>Adds a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hashedSecret">SHA-256 of the secret.</param>
    /// <param name="ct">Cancels the statement.</param>
    /// <returns><see langword="false"/> when the name is taken; the transaction can then only be rolled back.</returns>
    Task<bool> AddAsync(ProvisionerKey key, byte[] hashedSecret, CancellationToken ct);

    /// <summary>The keys of an organization in the scope of the reader, by name.</summary>
    Task<IReadOnlyList<ProvisionerKey>> ListAsync(Guid organization, ReadScope scope, CancellationToken ct);

    /// <summary>Finds a key.</summary>
    Task<ProvisionerKey?> FindAsync(Guid id, CancellationToken ct);

    /// <summary>Finds a key by its name, without regard to case.</summary>
    Task<ProvisionerKey?> FindByNameAsync(Guid organization, string name, CancellationToken ct);

    /// <summary>Deletes a key with its daemons.</summary>
    /// <returns><see langword="false"/> when it was gone already.</returns>
    Task<bool> DeleteAsync(Guid id, CancellationToken ct);
}
