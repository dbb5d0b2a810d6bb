using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;

namespace Coder.Application.Builds;

/// <summary>Turns ids of paths into builds and workspaces that the caller may read; to everybody else there is none.</summary>
internal sealed class BuildLookup(IBuildReader builds)
{
    /// <summary>Finds a build. Those of workspaces that are deleted stay readable.</summary>
    /// <returns>400 when the text is no id, 404 when there is no such build or the caller may not read its workspace.</returns>
    public async Task<Result<BuildRef>> FindAsync(Actor actor, string id, CancellationToken cancellationToken)
    {
        if (!PathIds.Parse(id).Is(out var build, out var error))
        {
            return error;
        }

        return await builds.FindAsync(build, cancellationToken) is { } found
            && Authorizer.Can(actor, PermissionAction.Read, found.Workspace)
                ? found
                : Error.NotFound;
    }

    /// <summary>Finds a workspace, deleted or not.</summary>
    /// <inheritdoc cref="FindAsync" path="/returns"/>
    public async Task<Result<BuiltWorkspace>> FindWorkspaceAsync(Actor actor, string id, CancellationToken cancellationToken)
    {
        if (!PathIds.Parse(id).Is(out var workspace, out var error))
        {
            return error;
        }

        return await builds.FindWorkspaceAsync(workspace, cancellationToken) is { } found
            && Authorizer.Can(actor, PermissionAction.Read, found.Ref)
                ? found
                : Error.NotFound;
    }
}
