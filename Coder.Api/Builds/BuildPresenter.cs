using Coder.Api.Workspaces;
using Coder.Application.Builds;
using Coder.Application.Workspaces;

namespace Coder.Api.Builds;

/// <summary>Shows builds and new workspaces at the time of the answer, by which the connections of agents are judged.</summary>
internal sealed class BuildPresenter(WorkspacePresenter workspaces, TimeProvider time)
{
    public WorkspaceBuildJson Show(BuildView build) => WorkspaceBuildJson.From(build, time.GetUtcNow());

    public WorkspaceBuildJson[] Show(IReadOnlyList<BuildView> builds)
    {
        var now = time.GetUtcNow();
        return [.. builds.Select(build => WorkspaceBuildJson.From(build, now))];
    }

    public WorkspaceJson Show(WorkspaceView workspace, Guid reader) => workspaces.Show(workspace, reader);
}
