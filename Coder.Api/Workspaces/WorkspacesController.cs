using Coder.Api.Http;
using Coder.Api.Swagger;
using Coder.Application.Workspaces;
using Coder.Domain.Common;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Workspaces;

/// <summary>Workspaces.</summary>
[Tags("Workspaces")]
internal sealed class WorkspacesController(ISender sender, WorkspacePresenter presenter) : CoderController(sender)
{
    private const string IncludeDeleted = "include_deleted";

    /// <summary>List workspaces.</summary>
    /// <remarks>
    /// Those that you may see: your favorites first, then those that run, then by owner and name. Words of the search are parts of names;
    /// <c>owner/name</c> names the owner too. Keys: id, owner (<c>me</c> is you), template, name, status, has-agent, dormant,
    /// last_used_after, last_used_before, outdated, has-ai-task, has_external_agent, is_prebuild, organization, and param for
    /// <c>name</c> or <c>"name=value"</c> of a parameter.
    /// </remarks>
    /// <param name="q">The search.</param>
    /// <param name="limit">How many at most; 0 for all.</param>
    /// <param name="offset">How many to pass over.</param>
    /// <response code="200">The workspaces, and how many there are on all pages.</response>
    /// <response code="400">The search or a parameter can not be read.</response>
    [HttpGet("api/v2/workspaces")]
    [ProducesResponseType<WorkspacesResponseJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    public Task<IActionResult> List(
        [FromQuery] string? q,
        [FromQuery, DocumentedAs(typeof(int))] string? limit,
        [FromQuery, DocumentedAs(typeof(int))] string? offset) =>
        SendAsync(
            PagingQuery.Read(Request.Query),
            page => new ListWorkspaces(Actor, q ?? "", page),
            found => Ok(new WorkspacesResponseJson([.. found.Workspaces.Select(Show)], found.Count)));

    /// <summary>Get a workspace.</summary>
    /// <param name="workspace">The id.</param>
    /// <param name="includeDeleted">Whether it is shown though it was deleted.</param>
    /// <response code="200">The workspace.</response>
    /// <response code="400">This is no id, or a parameter can not be read.</response>
    /// <response code="404">There is no such workspace, or you may not see it.</response>
    /// <response code="410">It was deleted.</response>
    [HttpGet("api/v2/workspaces/{workspace}")]
    [ProducesResponseType<WorkspaceJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status410Gone)]
    public Task<IActionResult> Get(
        [DocumentedAs(typeof(Guid))] string workspace,
        [FromQuery(Name = IncludeDeleted), DocumentedAs(typeof(bool))] string? includeDeleted) =>
        SendAsync(WithDeleted(), withDeleted => new GetWorkspace(Actor, workspace, withDeleted), found => Ok(Show(found)));

    /// <summary>Get a workspace by its owner and its name.</summary>
    /// <param name="user">The owner: id, username or me.</param>
    /// <param name="workspacename">The name, without regard to case.</param>
    /// <param name="includeDeleted">Whether the one that was deleted last is shown when there is no other.</param>
    /// <response code="200">The workspace.</response>
    /// <response code="400">There is no such user, or a parameter can not be read.</response>
    /// <response code="404">The user has no such workspace, or you may not see it.</response>
    [HttpGet("api/v2/users/{user}/workspace/{workspacename}")]
    [ProducesResponseType<WorkspaceJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> GetByName(
        string user, string workspacename, [FromQuery(Name = IncludeDeleted), DocumentedAs(typeof(bool))] string? includeDeleted) =>
        SendAsync(WithDeleted(), withDeleted => new GetWorkspaceByName(Actor, user, workspacename, withDeleted), found => Ok(Show(found)));

    /// <summary>Rename a workspace.</summary>
    /// <remarks>Only where the deployment lets workspaces be renamed: what keeps their data may go by their names.</remarks>
    /// <param name="workspace">The id.</param>
    /// <param name="body">The name.</param>
    /// <response code="204">It has the name; the body is empty.</response>
    /// <response code="400">The name breaks its rules, renames are not allowed, or this is no id.</response>
    /// <response code="403">You may not change this workspace.</response>
    /// <response code="404">There is no such workspace, or you may not see it.</response>
    /// <response code="409">The owner has another workspace of this name.</response>
    [HttpPatch("api/v2/workspaces/{workspace}")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> Update([DocumentedAs(typeof(Guid))] string workspace, [FromBody] UpdateWorkspaceRequestJson body) =>
        SendAsync(new RenameWorkspace(Actor, workspace, body.Name ?? ""), _ => NoContent());

    /// <summary>Set whether a workspace moves to new versions by itself.</summary>
    /// <param name="workspace">The id.</param>
    /// <param name="body">Whether it does.</param>
    /// <response code="204">It is stored; the body is empty.</response>
    /// <response code="400">The value is not known, or this is no id.</response>
    /// <response code="403">You may not change this workspace.</response>
    /// <response code="404">There is no such workspace, or you may not see it.</response>
    [HttpPut("api/v2/workspaces/{workspace}/autoupdates")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> SetAutomaticUpdates(
        [DocumentedAs(typeof(Guid))] string workspace, [FromBody] UpdateWorkspaceAutomaticUpdatesRequestJson body) =>
        SendAsync(new SetAutomaticUpdates(Actor, workspace, body.AutomaticUpdates), _ => NoContent());

    /// <summary>Keep a workspace at the head of your list.</summary>
    /// <param name="workspace">The id.</param>
    /// <response code="204">It is stored; the body is empty.</response>
    /// <response code="400">This is no id.</response>
    /// <response code="403">It is not yours.</response>
    /// <response code="404">There is no such workspace, or you may not see it.</response>
    [HttpPut("api/v2/workspaces/{workspace}/favorite")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Favorite(
        [DocumentedAs(typeof(Guid))] string workspace) => SendAsync(new SetFavorite(Actor, workspace, true), _ => NoContent());

    /// <summary>Keep a workspace at the head of your list no longer.</summary>
    /// <param name="workspace">The id.</param>
    /// <response code="204">It is stored; the body is empty.</response>
    /// <response code="400">This is no id.</response>
    /// <response code="403">It is not yours.</response>
    /// <response code="404">There is no such workspace, or you may not see it.</response>
    [HttpDelete("api/v2/workspaces/{workspace}/favorite")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Unfavorite(
        [DocumentedAs(typeof(Guid))] string workspace) => SendAsync(new SetFavorite(Actor, workspace, false), _ => NoContent());

    /// <summary>Get what a user spends on workspaces in an organization.</summary>
    /// <param name="organization">Id or name of the organization, or default.</param>
    /// <param name="user">Id, username or me.</param>
    /// <response code="200">What is spent and what may be.</response>
    /// <response code="400">There is no such user, or you may not see them.</response>
    /// <response code="404">There is no such organization, or you may not see it.</response>
    [HttpGet("api/v2/organizations/{organization}/members/{user}/workspace-quota")]
    [ProducesResponseType<WorkspaceQuotaJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Quota(string organization, string user) => SendAsync(
        new GetWorkspaceQuota(Actor, organization, user), quota => Ok(new WorkspaceQuotaJson(quota.Consumed, quota.Budget)));

    private WorkspaceJson Show(WorkspaceView workspace) => presenter.Show(workspace, Actor.UserId);

    private Result<bool> WithDeleted()
    {
        var query = new QueryReader(Request.Query);
        return query.Finish(query.Flag(IncludeDeleted));
    }
}
