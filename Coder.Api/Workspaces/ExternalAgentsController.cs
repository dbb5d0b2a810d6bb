using Coder.Api.Http;
using Coder.Api.Swagger;
using Coder.Application.Workspaces;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Workspaces;

/// <summary>Agents that somebody runs outside of the resources of their workspace.</summary>
[Route("api/v2/workspaces/{workspace}/external-agent/{agent}")]
[Tags("Agents")]
internal sealed class ExternalAgentsController(ISender sender, ExternalAgentPresenter presenter) : CoderController(sender)
{
    /// <summary>Get the credentials of an external agent.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="agent">The name of the agent in the latest build.</param>
    /// <response code="200">The token, and a command that makes use of it.</response>
    /// <response code="400">The id is no UUID.</response>
    /// <response code="403">You may read the workspace, but not both update it and connect to it.</response>
    /// <response code="404">There is no such workspace or agent, or you may not read the workspace.</response>
    [HttpGet("credentials")]
    [ProducesResponseType<ExternalAgentCredentialsJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Credentials([DocumentedAs(typeof(Guid))] string workspace, string agent) =>
        SendAsync(new GetExternalAgentCredentials(Actor, workspace, agent), token => Ok(presenter.Present(token)));
}
