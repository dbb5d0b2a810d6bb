using Coder.Api.Http;
using Coder.Api.Swagger;
using Coder.Application.Common;
using Coder.Application.Health;
using Coder.Domain.Authorization;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Health;

/// <summary>How the deployment is.</summary>
[Route("api/v2/debug/health")]
[Tags("General")]
internal sealed class DebugHealthController(ISender sender, HealthPresenter presenter) : CoderController(sender)
{
    /// <summary>Get the health of the deployment.</summary>
    /// <remarks>
    /// Measures the database and asks the access URL for a sign of life. A report is kept for ten minutes.
    /// </remarks>
    /// <param name="force">Looks again although there is a report.</param>
    /// <response code="200">The report; also when something is ill.</response>
    /// <response code="400">The parameter can not be read.</response>
    /// <response code="403">You may not see diagnostics.</response>
    [HttpGet]
    [RequiresPermission(ResourceType.DebugInfo, PermissionAction.Read)]
    [ProducesResponseType<HealthcheckReportJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    public Task<IActionResult> Get([FromQuery(Name = "force"), DocumentedAs(typeof(bool))] string? force) =>
        SendAsync(new GetHealth(Actor, force), health => Ok(presenter.Present(health)));
}
