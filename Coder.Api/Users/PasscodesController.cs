using Coder.Api.Http;
using Coder.Api.RateLimiting;
using Coder.Application.Users;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Users;

/// <summary>A new password for those who forgot theirs.</summary>
[Route("api/v2/users/otp")]
[Tags("Users")]
[AllowAnonymous]
internal sealed class PasscodesController(ISender sender) : CoderController(sender)
{
    /// <summary>Request a one-time passcode.</summary>
    /// <remarks>
    /// If there is an account with this address that signs in with a password, a passcode is sent to it that can be used once, for 20
    /// minutes; at most one in a minute. The answer does not tell.
    /// </remarks>
    /// <response code="204">The request was taken; the body is empty.</response>
    /// <response code="400">The address is missing or no address.</response>
    /// <response code="403">This deployment does not sign in with passwords.</response>
    /// <response code="503">Too many requests wait to be served; try again after the time in Retry-After.</response>
    [HttpPost("request")]
    [RateLimit(60)]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status503ServiceUnavailable)]
    public Task<IActionResult> RequestPasscode([FromBody] RequestOneTimePasscodeRequestJson body) =>
        SendAsync(new RequestOneTimePasscode(body.Email ?? ""), _ => NoContent());

    /// <summary>Change a password with a one-time passcode.</summary>
    /// <remarks>Ends every session and token of the user. The passcode is used up when the password was changed.</remarks>
    /// <response code="204">The password was changed; the body is empty.</response>
    /// <response code="400">
    /// A field is missing, the passcode is not that of the account or its time is over, or the password is too weak or the old one.
    /// </response>
    /// <response code="403">This deployment does not sign in with passwords.</response>
    /// <response code="503">Too many passwords are being checked; try again after the time in Retry-After.</response>
    [HttpPost("change-password")]
    [RateLimit(60)]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status503ServiceUnavailable)]
    public Task<IActionResult> ChangePassword([FromBody] ChangePasswordWithOneTimePasscodeRequestJson body) => SendAsync(
        new ChangePasswordWithPasscode(body.Email ?? "", body.OneTimePasscode ?? "", body.Password ?? ""), _ => NoContent());
}
