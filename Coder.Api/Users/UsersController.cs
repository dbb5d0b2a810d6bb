using Coder.Api.Authentication;
using Coder.Api.Http;
using Coder.Api.RateLimiting;
using Coder.Application.Users;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Users;

/// <summary>Accounts and sessions.</summary>
[Route("api/v2/users")]
[Tags("Users")]
internal sealed class UsersController(ISender sender, SessionCookie cookie) : CoderController(sender)
{
    /// <summary>Check whether the first user was created.</summary>
    /// <remarks>404 means that the deployment waits to be set up.</remarks>
    /// <response code="200">The deployment was set up.</response>
    /// <response code="404">There is no user yet.</response>
    [HttpGet("first")]
    [AllowAnonymous]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> HasFirst() => SendAsync(
        new HasFirstUser(),
        exists => exists
            ? Message("The initial user has already been created!")
            : NotFound(new ResponseBody("The initial user has not been created!")));

    /// <summary>Create the first user.</summary>
    /// <remarks>Works once: the user becomes the owner of the deployment and a member of the default organization.</remarks>
    /// <response code="201">The user was created.</response>
    /// <response code="400">A field breaks its rules, or the password is too weak.</response>
    /// <response code="409">There is a user already.</response>
    [HttpPost("first")]
    [AllowAnonymous]
    [ProducesResponseType<CreateFirstUserResponseJson>(StatusCodes.Status201Created)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> CreateFirst([FromBody] CreateFirstUserRequestJson body) => SendAsync(
        new CreateFirstUser(body.Email ?? "", body.Username ?? "", body.Name ?? "", body.Password ?? ""),
        created => Created(new CreateFirstUserResponseJson(created.UserId, created.OrganizationId)));

    /// <summary>Sign in with a password.</summary>
    /// <remarks>Answers with a session token, and sets it as the cookie <c>coder_session_token</c>.</remarks>
    /// <response code="201">Signed in.</response>
    /// <response code="400">A field is missing.</response>
    /// <response code="401">The email or the password is wrong, or the account is suspended.</response>
    /// <response code="403">This user, or this deployment, does not sign in with passwords.</response>
    /// <response code="429">Too many requests, or wrong passwords for this address; try again after the time in Retry-After.</response>
    /// <response code="503">Too many passwords are being checked; try again after the time in Retry-After.</response>
    [HttpPost("login")]
    [AllowAnonymous]
    [RateLimit(60)]
    [ProducesResponseType<LoginResponseJson>(StatusCodes.Status201Created)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status401Unauthorized)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status429TooManyRequests)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status503ServiceUnavailable)]
    public Task<IActionResult> LogIn([FromBody] LoginRequestJson body) => SendAsync(
        new LogIn(body.Email ?? "", body.Password ?? "", IpAddress, Request.Cookies[Credentials.SessionToken]),
        token =>
        {
            cookie.Set(Response, token.Reveal());
            return Created(new LoginResponseJson(token.Reveal()));
        });

    /// <summary>Sign out.</summary>
    /// <remarks>Ends the session that the request came with, and every key of the user that only opens applications.</remarks>
    /// <response code="200">Signed out.</response>
    [HttpPost("logout")]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status200OK)]
    public Task<IActionResult> LogOut() => SendAsync(
        new LogOut(Actor, Session.KeyId),
        _ =>
        {
            cookie.Clear(Response);
            return Message("Logged out!");
        });

    /// <summary>Get a user.</summary>
    /// <param name="user">An id, a username, or <c>me</c>.</param>
    /// <response code="200">The user.</response>
    /// <response code="400">There is no such user, or you may not see it.</response>
    /// <response code="404">You asked for <c>me</c>, and your credential does not let you see yourself.</response>
    [HttpGet("{user}")]
    [ProducesResponseType<UserJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Get(string user) => SendAsync(new GetUser(Actor, user), found => Ok(UserJson.From(found)));
}
