using Coder.Domain.Health;

namespace Coder.Application.Health;

/// <summary>Looks at the public URL of the deployment from this server.</summary>
public interface IAccessUrlProbe
{
    /// <summary>Asks the URL for a sign of life. What goes wrong is part of the answer.</summary>
    Task<AccessUrlHealthReport> ProbeAsync(CancellationToken ct);
}
