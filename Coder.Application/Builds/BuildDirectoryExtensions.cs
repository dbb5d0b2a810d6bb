using Coder.Domain.Common;

namespace Coder.Application.Builds;

internal static class BuildDirectoryExtensions
{
    /// <summary>Reads a build that was found just now.</summary>
    /// <returns>404 when it went with its organization meanwhile.</returns>
    public static async Task<Result<BuildView>> FindAsync(this IBuildDirectory builds, Guid build, CancellationToken cancellationToken) =>
        (await builds.ReadAsync([build], cancellationToken)).TryGetValue(build, out var view) ? view : Error.NotFound;
}
