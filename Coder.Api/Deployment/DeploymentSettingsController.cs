using Coder.Api.Http;
using Coder.Application.Common;
using Coder.Application.Deployment;
using Coder.Domain.Authorization;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Deployment;

/// <summary>Settings and use of the deployment.</summary>
[Route("api/v2/deployment")]
[Tags("General")]
internal sealed class DeploymentSettingsController(ISender sender, BuildInfo build, DeploymentConfig config) : CoderController(sender)
{
    /// <summary>Get the settings.</summary>
    /// <remarks>Of the server that answers. Values of secrets are left out.</remarks>
    /// <response code="200">All settings.</response>
    /// <response code="403">You may not see the settings of the deployment.</response>
    [HttpGet("config")]
    [RequiresPermission(ResourceType.DeploymentConfig, PermissionAction.Read)]
    [ProducesResponseType<DeploymentConfigJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    public IActionResult Config() => Ok(config.Current);

    /// <summary>Get how the deployment is used.</summary>
    /// <remarks>Counted once a minute.</remarks>
    /// <response code="200">The numbers.</response>
    /// <response code="400">The server has just started and did not count yet.</response>
    /// <response code="403">You may not see how the deployment is used.</response>
    [HttpGet("stats")]
    [RequiresPermission(ResourceType.DeploymentStats, PermissionAction.Read)]
    [ProducesResponseType<DeploymentStatsJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    public Task<IActionResult> Stats() => SendAsync(new GetDeploymentStats(Actor), stats => Ok(DeploymentStatsJson.From(stats)));

    /// <summary>Get how clients write their SSH configuration.</summary>
    /// <response code="200">What stands around the names of workspaces, and lines for every host.</response>
    [HttpGet("ssh")]
    [ProducesResponseType<SshConfigResponseJson>(StatusCodes.Status200OK)]
    public IActionResult Ssh() => Ok(build.Ssh);
}
