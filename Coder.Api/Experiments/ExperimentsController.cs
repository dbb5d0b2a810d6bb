using Coder.Api.Http;
using Coder.Application.Experiments;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Experiments;

/// <summary>Feature switches of the whole deployment.</summary>
[Route("api/v2/experiments")]
[Tags("General")]
internal sealed class ExperimentsController(ISender sender) : CoderController(sender)
{
    /// <summary>List the enabled experiments.</summary>
    /// <remarks>In the order of the setting, and with values that this version does not know.</remarks>
    /// <response code="200">The values.</response>
    [HttpGet]
    [ProducesResponseType<IReadOnlyList<string>>(StatusCodes.Status200OK)]
    public Task<IActionResult> List() => SendAsync(
        new ListExperiments(Actor), enabled => Ok((IReadOnlyList<string>)[.. enabled.Select(e => e.Value)]));

    /// <summary>List the experiments that are safe to enable.</summary>
    /// <response code="200">The values.</response>
    [HttpGet("available")]
    [ProducesResponseType<AvailableExperimentsJson>(StatusCodes.Status200OK)]
    public Task<IActionResult> ListAvailable() => SendAsync(
        new ListAvailableExperiments(Actor), safe => Ok(new AvailableExperimentsJson([.. safe.Select(e => e.Value)])));
}
