using Coder.Api.Http;
using Coder.Api.RateLimiting;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Deployment;

/// <summary>The server itself.</summary>
[Route("api/v2")]
[Tags("General")]
[AllowAnonymous]
internal sealed class DeploymentController(ISender sender, BuildInfo build, CspReports reports) : CoderController(sender)
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
    public IActionResult BuildInfo() => build.Answer;

    /// <summary>Report a violation of the content security policy.</summary>
    /// <remarks>Sent by browsers; it becomes a line of the log. At most 16 KiB.</remarks>
    /// <response code="200">Taken; the answer is empty.</response>
    [HttpPost("csp/reports")]
    [RateLimit(60)]
    [RequestSizeLimit(16 * 1024)]
    [ProducesResponseType(StatusCodes.Status200OK)]
    public IActionResult ReportViolation([FromBody] CspViolationRequestJson body)
    {
        reports.Log(body);
        return Ok();
    }

    /// <summary>Check for a newer version.</summary>
    /// <remarks>This server asks nobody, so it always says that it is current.</remarks>
    /// <response code="200">The version of this server.</response>
    [HttpGet("updatecheck")]
    [ProducesResponseType<UpdateCheckResponseJson>(StatusCodes.Status200OK)]
    public IActionResult UpdateCheck() => Ok(Deployment.BuildInfo.UpdateCheck);
}
