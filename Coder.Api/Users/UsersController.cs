using Coder.Api.Authentication;
using Coder.Api.Http;
using Coder.Api.RateLimiting;
using Coder.Api.Swagger;
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

    /// <summary>List the ways to sign in.</summary>
    /// <response code="200">What this deployment has switched on.</response>
    [HttpGet("authmethods")]
    [AllowAnonymous]
    [ProducesResponseType<AuthMethodsJson>(StatusCodes.Status200OK)]
    public Task<IActionResult> GetAuthMethods() => SendAsync(new GetAuthMethods(), methods => Ok(AuthMethodsJson.From(methods)));

    /// <summary>Judge a password.</summary>
    /// <remarks>Says before a password is chosen whether it would be taken. It is kept nowhere.</remarks>
    /// <response code="200">The judgement.</response>
    /// <response code="400">There is no password.</response>
    [HttpPost("validate-password")]
    [RateLimit(60)]
    [AllowAnonymous]
    [ProducesResponseType<ValidatePasswordResponseJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    public Task<IActionResult> ValidatePassword([FromBody] ValidatePasswordRequestJson body) => SendAsync(
        new ValidatePassword(body.Password ?? ""),
        judgement => Ok(new ValidatePasswordResponseJson(judgement.Weakness is null, judgement.Weakness ?? "")));

    /// <summary>List users.</summary>
    /// <remarks>
    /// Those that you may see, in the order of their names. Words of the search stand somewhere in the address, the username or the real
    /// name; keys are <c>status</c>, <c>role</c>, <c>login_type</c>, <c>last_seen_before</c>, <c>last_seen_after</c>, <c>created_before</c>,
    /// <c>created_after</c> and <c>github_com_user_id</c>, as in <c>status:active,dormant role:owner ada</c>.
    /// </remarks>
    /// <param name="q">The search; everybody when absent.</param>
    /// <param name="after_id">The last user of the page before.</param>
    /// <param name="limit">How many at most; all when absent or 0.</param>
    /// <param name="offset">How many to pass over.</param>
    /// <response code="200">The users of this page, and how many there are on all pages.</response>
    /// <response code="400">The search or a parameter can not be read; the validations say which part.</response>
    [HttpGet]
    [ProducesResponseType<UsersPageJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    public Task<IActionResult> List(
        string? q,
        [DocumentedAs(typeof(Guid))] string? after_id,
        [DocumentedAs(typeof(int))] string? limit,
        [DocumentedAs(typeof(int))] string? offset)
    {
        var query = new QueryReader(Request.Query);
        var search = query.Text(nameof(q)) ?? "";
        return SendAsync(query.Finish(query.Page()), page => new ListUsers(Actor, search, page), found => Ok(UsersPageJson.From(found)));
    }

    /// <summary>Create a user.</summary>
    /// <remarks>A user takes a seat of the license with the first use of the account, a service account never.</remarks>
    /// <response code="201">The user was created.</response>
    /// <response code="400">A field breaks its rules, the password is too weak, or there can be no users with this login type.</response>
    /// <response code="403">You may not create users, or this deployment does not sign in with passwords.</response>
    /// <response code="404">There is no such organization, or you may not see it.</response>
    /// <response code="409">The name or the address is taken.</response>
    [HttpPost]
    [ProducesResponseType<UserJson>(StatusCodes.Status201Created)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> Create([FromBody] CreateUserRequestJson body) => SendAsync(
        new CreateUser(Actor, body.Email ?? "", body.Username ?? "", body.Name ?? "", body.Password ?? "")
        {
            LoginType = body.LoginType ?? "",
            Status = body.UserStatus ?? "",
            IsServiceAccount = body.IsServiceAccount ?? false,
            OrganizationIds = body.OrganizationIds is { Count: > 0 } ids ? ids
                : body.OrganizationId is { } id && id != Guid.Empty ? [id] : [],
        },
        user => Created(UserJson.From(user)));

    /// <summary>Get a user.</summary>
    /// <param name="user">An id, a username, or <c>me</c>.</param>
    /// <response code="200">The user.</response>
    /// <response code="400">There is no such user, or you may not see it.</response>
    /// <response code="404">You asked for <c>me</c>, and your credential does not let you see yourself.</response>
    [HttpGet("{user}")]
    [ProducesResponseType<UserJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Get(string user) => SendAsync(new GetUser(Actor, user) { Caller = Session.User }, found => Ok(UserJson.From(found)));

    /// <summary>Delete a user.</summary>
    /// <remarks>The name and the address become free, and every session and token ends at once.</remarks>
    /// <param name="user">An id or a username.</param>
    /// <response code="200">The user was deleted.</response>
    /// <response code="400">There is no such user, or you may not see it.</response>
    /// <response code="403">You may not delete this user, or it is you.</response>
    /// <response code="404">The user was deleted in the meantime.</response>
    /// <response code="417">The user still owns something, such as workspaces.</response>
    [HttpDelete("{user}")]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status417ExpectationFailed)]
    public Task<IActionResult> Delete(string user) => SendAsync(new DeleteUser(Actor, user), _ => Message("User has been deleted!"));
}
