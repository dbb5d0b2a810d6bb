using Coder.Api.Http;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Deployment;

/// <summary>The server itself.</summary>
[Route("api/v2")]
[Tags("General")]
[AllowAnonymous]
internal sealed class DeploymentController(ISender sender, BuildInfo build) : CoderController(sender)
{
    /// <summary>Greet.</summary>
    /// <response code="200">This is the API of a Coder deployment.</response>
    [HttpGet("")]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status200OK)]
    public IActionResult Root() => Message("\U0001f44b");

    /// <summary>Get the build information.</summary>
    /// <response code="200">Version and deployment.</response>
    [HttpGet("buildinfo")]
    [ProducesResponseType<BuildInfoJson>(StatusCodes.Status200OK)]
    public IActionResult BuildInfo() => Ok(build.Current);

    /// <summary>Check for a newer version.</summary>
    /// <remarks>This server asks nobody, so it always says that it is current.</remarks>
    /// <response code="200">The version of this server.</response>
    [HttpGet("updatecheck")]
    [ProducesResponseType<UpdateCheckResponseJson>(StatusCodes.Status200OK)]
    public IActionResult UpdateCheck() => Ok(Deployment.BuildInfo.UpdateCheck);
}
