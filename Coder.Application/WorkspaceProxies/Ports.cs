using Coder.Domain.Authorization;
using Coder.Domain.WorkspaceProxies;

namespace Coder.Application.WorkspaceProxies;

/// <summary>Proxies other than the primary, which has no row.</summary>
public interface IWorkspaceProxyStore
{
    /// <summary>Those in the scope that are not deleted, by name.</summary>
    Task<IReadOnlyList<WorkspaceProxy>> ListAsync(ReadScope scope, CancellationToken ct);

    /// <summary>Finds one that is not deleted.</summary>
    Task<WorkspaceProxy?> FindAsync(Guid id, CancellationToken ct);

    /// <summary>Finds one that is not deleted, without regard to case.</summary>
    Task<WorkspaceProxy?> FindByNameAsync(string name, CancellationToken ct);

    /// <summary>Finds one that is not deleted, and keeps others from changing or deleting it until the transaction ends.</summary>
    Task<WorkspaceProxy?> LockAsync(Guid id, CancellationToken ct);

    /// <summary>Adds one.</summary>
    /// <returns><see langword="false"/> when the name is taken.</returns>
    Task<bool> AddAsync(WorkspaceProxy proxy, byte[] hashedSecret, CancellationToken ct);

    /// <summary>Changes names and picture of one that is locked, and the secret when there is a new one.</summary>
    /// <returns><see langword="false"/> when the name is taken; the transaction can then only be rolled back.</returns>
    Task<bool> UpdateAsync(WorkspaceProxy proxy, byte[]? hashedSecret, CancellationToken ct);

    /// <summary>Marks one as deleted; its token ends with that.</summary>
    Task DeleteAsync(Guid id, DateTimeOffset now, CancellationToken ct);

    /// <summary>Finds what the token of a proxy is compared with.</summary>
    Task<ProxyCredential?> FindCredentialAsync(Guid id, CancellationToken ct);
}

/// <summary>What the token of a proxy is compared with.</summary>
/// <param name="Name">The proxy's name.</param>
/// <param name="HashedSecret">SHA-256 of the secret.</param>
public sealed record ProxyCredential(string Name, byte[] HashedSecret);

/// <summary>Makes secrets of proxies.</summary>
public interface IProxySecretGenerator
{
    /// <summary>A new secret of <see cref="ProxyToken.SecretLength"/> characters.</summary>
    string New();
}

/// <summary>A proxy whose token may have just been made.</summary>
/// <param name="Proxy">The proxy.</param>
/// <param name="Token">The token, or <see langword="null"/> when the old one stays.</param>
public sealed record ProxyWithToken(WorkspaceProxy Proxy, ProxyToken? Token);
