using Coder.Application.Common;
using Coder.Application.Organizations;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Workspaces;
using MediatR;

namespace Coder.Application.Workspaces;

/// <summary>
/// The workspaces that the caller may read and a search asks for: own favorites first, then those that run, then by owner and name
/// (docs/spec/workspaces.md, section 7.4).
/// </summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Search">See <see cref="WorkspaceQueryParser"/>.</param>
/// <param name="Page">Which part of them.</param>
public sealed record ListWorkspaces(Actor Actor, string Search, Page Page) : IQuery<WorkspacePage>, IActorRequest;

/// <summary>A part of a list of workspaces.</summary>
/// <param name="Workspaces">The part.</param>
/// <param name="Count">How many there are on all pages, also for a page behind the last one.</param>
public sealed record WorkspacePage(IReadOnlyList<WorkspaceView> Workspaces, long Count);

internal sealed class ListWorkspacesHandler(
    IWorkspaceList workspaces, IWorkspaceDirectory directory, OrganizationLookup organizations, TimeProvider time)
    : IRequestHandler<ListWorkspaces, Result<WorkspacePage>>
{
    public async Task<Result<WorkspacePage>> Handle(ListWorkspaces request, CancellationToken cancellationToken)
    {
        var actor = request.Actor;
        if (!WorkspaceQueryParser.Parse(request.Search).Is(out var filter, out var error))
        {
            return error;
        }

        Guid? organization = null;
        if (filter.Organization is { } name)
        {
            if (!(await organizations.FindAsync(actor, name, cancellationToken)).Is(out var found, out _))
            {
                return WorkspaceQueryParser.UnknownOrganization(name);
            }

            organization = found.Id;
        }

        var query = new WorkspaceQuery
        {
            Filter = filter,
            Me = actor.UserId,
            Organization = organization,
            Workspaces = Authorizer.ReadScope(actor, ResourceType.Workspace),
            Dormant = Authorizer.ReadScope(actor, ResourceType.WorkspaceDormant),
            Now = time.GetUtcNow(),
        };
        if (query is { Workspaces.Kind: ReadScopeKind.None, Dormant.Kind: ReadScopeKind.None })
        {
            return new WorkspacePage([], 0);
        }

        var (ids, count) = await workspaces.ListAsync(query, request.Page, cancellationToken);
        var views = await directory.ReadAsync(ids, cancellationToken);

        // One may have gone between the two readings.
        return new WorkspacePage([.. ids.Where(views.ContainsKey).Select(id => views[id])], count);
    }
}
