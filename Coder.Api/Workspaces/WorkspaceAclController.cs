using Coder.Api.Experiments;
using Coder.Api.Http;
using Coder.Api.Swagger;
using Coder.Application.Workspaces;
using Coder.Domain.Experiments;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Workspaces;

/// <summary>With whom workspaces are shared.</summary>
[Route("api/v2/workspaces/{workspace}/acl")]
[Tags("Workspaces")]
[RequireExperiments(Experiment.WorkspaceSharing)]
internal sealed class WorkspaceAclController(ISender sender) : CoderController(sender)
{
    /// <summary>Get with whom a workspace is shared.</summary>
    /// <param name="workspace">The id.</param>
    /// <response code="200">Users and groups with their roles.</response>
    /// <response code="400">This is no id.</response>
    /// <response code="403">You may not change this workspace, or workspace-sharing is off.</response>
    /// <response code="404">There is no such workspace, or you may not see it.</response>
    [HttpGet]
    [ProducesResponseType<WorkspaceAclJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Get([DocumentedAs(typeof(Guid))] string workspace) =>
        SendAsync(new GetWorkspaceAcl(Actor, workspace), acl => Ok(WorkspaceAclJson.From(acl)));

    /// <summary>Share a workspace, or no longer.</summary>
    /// <param name="workspace">The id.</param>
    /// <param name="body">The new roles.</param>
    /// <response code="204">It is stored; the body is empty.</response>
    /// <response code="400">A role or an id is not known, or this is no id.</response>
    /// <response code="403">You may not change this workspace, or workspace-sharing is off.</response>
    /// <response code="404">There is no such workspace, or you may not see it.</response>
    [HttpPatch]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Update([DocumentedAs(typeof(Guid))] string workspace, [FromBody] UpdateWorkspaceAclJson body) => SendAsync(
        new UpdateWorkspaceAcl(
            Actor,
            workspace,
            body.UserRoles ?? new Dictionary<string, string?>(StringComparer.Ordinal),
            body.GroupRoles ?? new Dictionary<string, string?>(StringComparer.Ordinal)),
        _ => NoContent());
}
