using Coder.Domain.Appearance;
using Coder.Domain.Common;

namespace Coder.Application.Appearance;

/// <summary>Keeps what an administrator chose.</summary>
public interface IAppearanceStore
{
    /// <summary>What is stored, or <see cref="AppearanceSettings.Default"/>.</summary>
    Task<AppearanceSettings> ReadAsync(CancellationToken ct);

    /// <summary>Replaces all of it.</summary>
    Task WriteAsync(AppearanceSettings settings, CancellationToken ct);
}

/// <summary>What is stored, in the memory of this node, so that every page can ask without a statement.</summary>
public interface IAppearanceSource
{
    /// <summary>The newest that this node has heard of.</summary>
    AppearanceSettings Current { get; }

    /// <summary>Reads again.</summary>
    /// <returns>A failure when the database does not answer; what was read before stays.</returns>
    Task<Result<Done>> ReloadAsync(CancellationToken ct);
}
