using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Builds;

/// <summary>Lists the builds of a workspace, the last one first.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Workspace">The id as it stands in the path.</param>
/// <param name="Page">Which part of the list.</param>
/// <param name="Since">Only builds that were asked for after this; null for all.</param>
public sealed record ListBuilds(Actor Actor, string Workspace, Page Page, DateTimeOffset? Since)
    : IQuery<IReadOnlyList<BuildView>>, IActorRequest;

internal sealed class ListBuildsHandler(BuildLookup lookup, IBuildReader reader, IBuildDirectory builds)
    : IRequestHandler<ListBuilds, Result<IReadOnlyList<BuildView>>>
{
    public async Task<Result<IReadOnlyList<BuildView>>> Handle(ListBuilds request, CancellationToken cancellationToken)
    {
        if (!(await lookup.FindWorkspaceAsync(request.Actor, request.Workspace, cancellationToken)).Is(out var workspace, out var error))
        {
            return error;
        }

        var ids = await reader.ListAsync(workspace.Id, request.Page, request.Since, cancellationToken);
        var views = await builds.ReadAsync(ids, cancellationToken);
        return ids.Where(views.ContainsKey).Select(id => views[id]).ToList();
    }
}
