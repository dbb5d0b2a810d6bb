using Coder.Api.Http;
using Coder.Api.Workspaces;
using Coder.Application.Workspaces;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Builds;

/// <summary>New workspaces.</summary>
[Tags("Workspaces")]
internal sealed class NewWorkspacesController(ISender sender, BuildPresenter presenter) : CoderController(sender)
{
    /// <summary>Create a workspace.</summary>
    /// <remarks>Its first start waits for a daemon when the answer arrives. A prebuilt workspace that fits is handed out instead.</remarks>
    /// <param name="user">Whose it becomes: id, username or me.</param>
    /// <param name="body">The workspace.</param>
    /// <response code="201">The workspace with its first build.</response>
    /// <response code="400">A field breaks its rules, there is no such user or template, the version can not be built, or a parameter has no valid value.</response>
    /// <response code="403">You may not create this workspace, or your license does not allow it.</response>
    /// <response code="404">The template was deleted.</response>
    /// <response code="406">The template version is still being imported.</response>
    /// <response code="409">The user has a workspace of this name.</response>
    [HttpPost("api/v2/users/{user}/workspaces")]
    [ProducesResponseType<WorkspaceJson>(StatusCodes.Status201Created)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status406NotAcceptable)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> Create(string user, [FromBody] CreateWorkspaceRequestJson body) => SendAsync(
        new CreateWorkspace(Actor, null, user, body.ToFields()), workspace => Created(presenter.Show(workspace, Actor.UserId)));

    /// <summary>Create a workspace in an organization.</summary>
    /// <remarks>The same, for a template of this organization.</remarks>
    /// <param name="organization">Id or name of the organization, or default.</param>
    /// <param name="user">Whose it becomes: id, username or me.</param>
    /// <param name="body">The workspace.</param>
    /// <response code="201">The workspace with its first build.</response>
    /// <response code="400">A field breaks its rules, there is no such user or template, the version can not be built, or a parameter has no valid value.</response>
    /// <response code="403">You may not create this workspace, or your license does not allow it.</response>
    /// <response code="404">There is no such organization, or the template was deleted.</response>
    /// <response code="406">The template version is still being imported.</response>
    /// <response code="409">The user has a workspace of this name.</response>
    [HttpPost("api/v2/organizations/{organization}/members/{user}/workspaces")]
    [ProducesResponseType<WorkspaceJson>(StatusCodes.Status201Created)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status406NotAcceptable)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> CreateInOrganization(
        string organization, string user, [FromBody] CreateWorkspaceRequestJson body) => SendAsync(
        new CreateWorkspace(Actor, organization, user, body.ToFields()), workspace => Created(presenter.Show(workspace, Actor.UserId)));
}
