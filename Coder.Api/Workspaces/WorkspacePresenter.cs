using Coder.Application.Workspaces;

namespace Coder.Api.Workspaces;

/// <summary>Shows workspaces at the time of the answer, by which the connections of agents are judged.</summary>
internal sealed class WorkspacePresenter(TimeProvider time)
{
    public WorkspaceJson Show(WorkspaceView workspace, Guid reader) => WorkspaceJson.From(workspace, reader, time.GetUtcNow());
}
