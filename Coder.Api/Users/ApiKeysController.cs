using Coder.Api.Http;
using Coder.Api.Swagger;
using Coder.Application.Users;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Users;

/// <summary>Sessions and tokens. Only their user and owners of the deployment manage them.</summary>
[Route("api/v2/users/{user}")]
[Tags("Users")]
internal sealed class ApiKeysController(ISender sender) : CoderController(sender)
{
    /// <summary>Create a session.</summary>
    /// <remarks>It lives as long as a token without a lifetime of its own. No cookie is set.</remarks>
    /// <param name="user">An id, a username, or <c>me</c>.</param>
    /// <response code="201">The credential, shown this once.</response>
    /// <response code="400">There is no such user, or you may not see it.</response>
    /// <response code="403">You may not create keys for this user, or your own key may not do everything that you may.</response>
    /// <response code="404">You asked for <c>me</c>, and your credential does not let you see yourself.</response>
    [HttpPost("keys")]
    [ProducesResponseType<NewKeyJson>(StatusCodes.Status201Created)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> CreateSession(string user) =>
        SendAsync(new CreateSessionKey(Actor, user, IpAddress), token => Created(new NewKeyJson(token.Reveal())));

    /// <summary>Create a token.</summary>
    /// <remarks>A use moves its expiry by its lifetime, as with sessions.</remarks>
    /// <param name="user">An id, a username, or <c>me</c>.</param>
    /// <param name="body">Everything in it is optional.</param>
    /// <response code="201">The credential, shown this once.</response>
    /// <response code="400">
    /// The lifetime is too long or negative, a scope or an entry of the allow-list is unknown, or there is no such user that you may see.
    /// </response>
    /// <response code="403">You may not create keys for this user, or your own key may not do what this one could.</response>
    /// <response code="404">You asked for <c>me</c>, and your credential does not let you see yourself.</response>
    /// <response code="409">The user has a token of this name.</response>
    [HttpPost("keys/tokens")]
    [ProducesResponseType<NewKeyJson>(StatusCodes.Status201Created)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> CreateToken(string user, [FromBody] CreateTokenRequestJson body) => SendAsync(
        new CreateToken(Actor, user, body.ReadLifetime(), body.Scope ?? "", body.TokenName ?? "", IpAddress)
        {
            Scopes = [.. body.Scopes?.Select(scope => scope ?? "") ?? []],
            AllowList = [.. body.AllowList?.Select(entry => entry ?? "") ?? []],
        },
        token => Created(new NewKeyJson(token.Reveal())));

    /// <summary>List tokens.</summary>
    /// <remarks>Those that you may see, newest first, expired ones too; no sessions.</remarks>
    /// <param name="user">An id, a username, or <c>me</c>.</param>
    /// <param name="include_all">Those of everybody instead of those of the user.</param>
    /// <response code="200">The tokens, without their secrets.</response>
    /// <response code="400">A parameter can not be read, or there is no such user that you may see.</response>
    /// <response code="404">You asked for <c>me</c>, and your credential does not let you see yourself.</response>
    [HttpGet("keys/tokens")]
    [ProducesResponseType<TokenJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> ListTokens(string user, [DocumentedAs(typeof(bool))] string? include_all)
    {
        var query = new QueryReader(Request.Query);
        return SendAsync(
            query.Finish(query.Flag(nameof(include_all))),
            all => new ListTokens(Actor, user, all),
            tokens => Ok(tokens.Select(TokenJson.From).ToArray()));
    }

    /// <summary>Get the limits of tokens.</summary>
    /// <param name="user">An id, a username, or <c>me</c>.</param>
    /// <response code="200">The limits for this user; those for owners are stricter.</response>
    /// <response code="400">There is no such user, or you may not see it.</response>
    /// <response code="404">You asked for <c>me</c>, and your credential does not let you see yourself.</response>
    [HttpGet("keys/tokens/tokenconfig")]
    [ProducesResponseType<TokenConfigJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> GetTokenConfig(string user) =>
        SendAsync(new GetTokenLifetime(Actor, user), maximum => Ok(TokenConfigJson.From(maximum)));

    /// <summary>Get a token by its name.</summary>
    /// <param name="user">An id, a username, or <c>me</c>.</param>
    /// <param name="keyname">The name of the token.</param>
    /// <response code="200">The token, without its secret.</response>
    /// <response code="400">There is no such user, or you may not see it.</response>
    /// <response code="404">The user has no such token, or you may not see it.</response>
    [HttpGet("keys/tokens/{keyname}")]
    [ProducesResponseType<ApiKeyJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> GetToken(string user, string keyname) =>
        SendAsync(new GetToken(Actor, user, keyname), key => Ok(ApiKeyJson.From(key)));

    /// <summary>Get a session or token.</summary>
    /// <param name="user">An id, a username, or <c>me</c>.</param>
    /// <param name="keyid">The first ten characters of the credential.</param>
    /// <response code="200">The key, without its secret.</response>
    /// <response code="400">There is no such user, or you may not see it.</response>
    /// <response code="404">The user has no such key, or you may not see it.</response>
    [HttpGet("keys/{keyid}")]
    [ProducesResponseType<ApiKeyJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Get(string user, string keyid) =>
        SendAsync(new GetApiKey(Actor, user, keyid), key => Ok(ApiKeyJson.From(key)));

    /// <summary>Delete a session or token.</summary>
    /// <remarks>Its next use is refused.</remarks>
    /// <param name="user">An id, a username, or <c>me</c>.</param>
    /// <param name="keyid">The first ten characters of the credential.</param>
    /// <response code="204">The key is gone; the body is empty.</response>
    /// <response code="400">There is no such user, or you may not see it.</response>
    /// <response code="403">You may not delete this key.</response>
    /// <response code="404">The user has no such key, or you may not see it.</response>
    [HttpDelete("keys/{keyid}")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Delete(string user, string keyid) => SendAsync(new DeleteApiKey(Actor, user, keyid), _ => NoContent());

    /// <summary>List sessions.</summary>
    /// <remarks>Those that live and that you may see, last used first; no tokens. End a single one by deleting its key.</remarks>
    /// <param name="user">An id, a username, or <c>me</c>.</param>
    /// <response code="200">The sessions, with the address and the time of their last use.</response>
    /// <response code="400">There is no such user, or you may not see it.</response>
    /// <response code="404">You asked for <c>me</c>, and your credential does not let you see yourself.</response>
    [HttpGet("sessions")]
    [ProducesResponseType<SessionJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> ListSessions(string user) =>
        SendAsync(new ListSessions(Actor, user), sessions => Ok(sessions.Select(SessionJson.From).ToArray()));

    /// <summary>End sessions.</summary>
    /// <remarks>Their next use is refused; tokens stay.</remarks>
    /// <param name="user">An id, a username, or <c>me</c>.</param>
    /// <param name="keep_current">Ends all others, and keeps the session of this request.</param>
    /// <response code="204">The sessions are gone; the body is empty.</response>
    /// <response code="400">A parameter can not be read, or there is no such user that you may see.</response>
    /// <response code="403">You may not end sessions of this user.</response>
    /// <response code="404">You asked for <c>me</c>, and your credential does not let you see yourself.</response>
    [HttpDelete("sessions")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> EndSessions(string user, [DocumentedAs(typeof(bool))] string? keep_current)
    {
        var query = new QueryReader(Request.Query);
        return SendAsync(
            query.Finish(query.Flag(nameof(keep_current))),
            keep => new EndSessions(Actor, user, keep ? Session.KeyId : null),
            _ => NoContent());
    }
}
