using Coder.Api.Authentication;
using Coder.Api.Http;
using Coder.Application.Appearance;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Appearance;

/// <summary>How the dashboard looks.</summary>
[Route("api/v2/appearance")]
[Tags("General")]
internal sealed class AppearanceController(ISender sender, AppearanceBody body) : CoderController(sender)
{
    /// <summary>Get the appearance.</summary>
    /// <remarks>Needs no session: the page to sign in asks too. What was chosen is shown while the feature is licensed.</remarks>
    /// <response code="200">The appearance.</response>
    [HttpGet]
    [OptionalAuthentication]
    [ProducesResponseType<AppearanceConfigJson>(StatusCodes.Status200OK)]
    public Task<IActionResult> Get() => SendAsync(new GetAppearance(), body.For);

    /// <summary>Change the appearance.</summary>
    /// <remarks>Replaces all of it. It is kept without a license too, and shown with one.</remarks>
    /// <response code="200">What is kept now.</response>
    /// <response code="400">A colour is not of the form #rrggbb.</response>
    /// <response code="403">You may not change the settings of the deployment.</response>
    [HttpPut]
    [ProducesResponseType<UpdateAppearanceConfigJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    public Task<IActionResult> Update([FromBody] UpdateAppearanceConfigJson body) => SendAsync(
        new UpdateAppearance(Actor, body.ToSettings()), settings => Ok(UpdateAppearanceConfigJson.From(settings)));
}
