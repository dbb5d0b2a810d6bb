using Coder.Api.Http;
using Coder.Api.Swagger;
using Coder.Application.PortShares;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.PortShares;

/// <summary>Ports of workspaces that are shared.</summary>
[Route("api/v2/workspaces/{workspace}/port-share")]
[Tags("PortSharing")]
internal sealed class PortSharesController(ISender sender) : CoderController(sender)
{
    /// <summary>List the shared ports of a workspace.</summary>
    /// <param name="workspace">The id.</param>
    /// <response code="200">The ports.</response>
    /// <response code="400">This is no id.</response>
    /// <response code="404">There is no such workspace, or you may not see it.</response>
    [HttpGet]
    [ProducesResponseType<WorkspaceAgentPortSharesJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> List([DocumentedAs(typeof(Guid))] string workspace) => SendAsync(
        new ListPortShares(Actor, workspace),
        shares => Ok(new WorkspaceAgentPortSharesJson([.. shares.Select(WorkspaceAgentPortShareJson.From)])));

    /// <summary>Share a port, or change how it is shared.</summary>
    /// <param name="workspace">The id.</param>
    /// <param name="body">The port.</param>
    /// <response code="200">The port as it is shared now.</response>
    /// <response code="400">A field breaks its rules, the template allows no such level, there is no such agent, or this is no id.</response>
    /// <response code="403">You may not change this workspace.</response>
    /// <response code="404">There is no such workspace, or you may not see it.</response>
    [HttpPost]
    [ProducesResponseType<WorkspaceAgentPortShareJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Share(
        [DocumentedAs(typeof(Guid))] string workspace, [FromBody] UpsertWorkspaceAgentPortShareRequestJson body) => SendAsync(
        new SetPortShare(Actor, workspace, body.AgentName ?? "", body.Port ?? 0, body.ShareLevel ?? "", body.Protocol ?? ""),
        share => Ok(WorkspaceAgentPortShareJson.From(share)));

    /// <summary>Share a port no longer.</summary>
    /// <param name="workspace">The id.</param>
    /// <param name="body">The port.</param>
    /// <response code="200">It is not shared any more; the body is empty.</response>
    /// <response code="400">This is no id.</response>
    /// <response code="403">You may not change this workspace.</response>
    /// <response code="404">The port is not shared, or there is no such workspace, or you may not see it.</response>
    [HttpDelete]
    [ProducesResponseType(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Unshare(
        [DocumentedAs(typeof(Guid))] string workspace, [FromBody] DeleteWorkspaceAgentPortShareRequestJson body) =>
        SendAsync(new DeletePortShare(Actor, workspace, body.AgentName ?? "", body.Port ?? 0), _ => Ok());
}
