using Coder.Domain.PortShares;

namespace Coder.Application.PortShares;

/// <summary>Ports of agents that are shared.</summary>
public interface IPortShareStore
{
    /// <summary>The shares of a workspace, by agent and port.</summary>
    Task<IReadOnlyList<PortShare>> ListAsync(Guid workspace, CancellationToken cancellationToken);

    /// <summary>Whether the latest build of a workspace has an agent of this name.</summary>
    Task<bool> HasAgentAsync(Guid workspace, string agent, CancellationToken cancellationToken);

    /// <summary>Shares a port, or changes how it is shared.</summary>
    Task SetAsync(PortShare share, CancellationToken cancellationToken);

    /// <summary>Shares a port no longer.</summary>
    /// <returns><see langword="false"/> when it is not shared.</returns>
    Task<bool> DeleteAsync(Guid workspace, string agent, int port, CancellationToken cancellationToken);
}
