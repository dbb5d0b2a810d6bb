using Coder.Api.Http;
using Coder.Application.Common;
using Coder.Application.Users;
using Coder.Domain.Authorization;
using Coder.Domain.Users;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Users;

/// <summary>What an account is like.</summary>
[Route("api/v2/users")]
[Tags("Users")]
internal sealed class AccountsController(ISender sender) : CoderController(sender)
{
    /// <summary>Change how a user is called.</summary>
    /// <remarks>Whoever may update users can correct the address too.</remarks>
    /// <param name="user">An id, a username, or <c>me</c>.</param>
    /// <param name="body">The new names.</param>
    /// <response code="200">The changed user.</response>
    /// <response code="400">A field breaks its rules, or there is no such user that you may see.</response>
    /// <response code="403">You may not change this user, or the address.</response>
    /// <response code="404">You may not see yourself, or the user was deleted in the meantime.</response>
    /// <response code="409">The name or the address is taken.</response>
    [HttpPut("{user}/profile")]
    [ProducesResponseType<UserJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> UpdateProfile(string user, [FromBody] UpdateProfileRequestJson body) => SendAsync(
        new UpdateProfile(Actor, user, body.Username ?? "", body.Name ?? "", body.Email is { Length: > 0 } email ? email : null),
        changed => Ok(UserJson.From(changed)));

    /// <summary>Change a password.</summary>
    /// <remarks>Ends every session and token of the user, the one of this request too.</remarks>
    /// <param name="user">An id, a username, or <c>me</c>.</param>
    /// <param name="body">The new password, and for one's own the old one.</param>
    /// <response code="204">The password was changed; the body is empty.</response>
    /// <response code="400">The new password is too weak or the old one again, the old one is missing or wrong, or there is none.</response>
    /// <response code="404">You may not change the password of this user.</response>
    /// <response code="503">Too many passwords are being checked; try again after the time in Retry-After.</response>
    [HttpPut("{user}/password")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status503ServiceUnavailable)]
    public Task<IActionResult> ChangePassword(string user, [FromBody] ChangePasswordRequestJson body) => SendAsync(
        new ChangePassword(Actor, user, body.OldPassword ?? "", body.Password ?? ""), _ => NoContent());

    /// <summary>Suspend a user.</summary>
    /// <remarks>Ends all sessions at once. Tokens are refused until the user is active again.</remarks>
    /// <param name="user">An id or a username.</param>
    /// <response code="200">The suspended user.</response>
    /// <response code="400">It is you, the user is an owner, or there is no such user that you may see.</response>
    /// <response code="403">You may not change this user.</response>
    /// <response code="404">You may not see yourself, or the user was deleted in the meantime.</response>
    [HttpPut("{user}/status/suspend")]
    [ProducesResponseType<UserJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Suspend(string user) =>
        SendAsync(new SetUserStatus(Actor, user, UserStatus.Suspended), changed => Ok(UserJson.From(changed)));

    /// <summary>Make a user active.</summary>
    /// <remarks>The user takes a seat of the license.</remarks>
    /// <param name="user">An id or a username.</param>
    /// <response code="200">The active user.</response>
    /// <response code="400">There is no such user that you may see.</response>
    /// <response code="403">You may not change this user.</response>
    /// <response code="404">You may not see yourself, or the user was deleted in the meantime.</response>
    [HttpPut("{user}/status/activate")]
    [ProducesResponseType<UserJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Activate(string user) =>
        SendAsync(new SetUserStatus(Actor, user, UserStatus.Active), changed => Ok(UserJson.From(changed)));

    /// <summary>List the roles of the deployment.</summary>
    /// <remarks>Without the one that everybody has.</remarks>
    /// <response code="200">The roles, and whether you may give and take them.</response>
    /// <response code="403">You may not see roles.</response>
    [HttpGet("roles")]
    [RequiresPermission(ResourceType.AssignRole, PermissionAction.Read)]
    [ProducesResponseType<SiteRoleJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    public Task<IActionResult> ListRoles() => SendAsync(new ListSiteRoles(Actor), roles => Ok(roles.Select(SiteRoleJson.From).ToArray()));

    /// <summary>Get the roles of a user.</summary>
    /// <param name="user">An id, a username, or <c>me</c>.</param>
    /// <response code="200">The roles, without those that everybody has.</response>
    /// <response code="400">There is no such user, or you may not see it.</response>
    /// <response code="404">You may not see what is personal about this user.</response>
    [HttpGet("{user}/roles")]
    [ProducesResponseType<UserRolesJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> GetRoles(string user) => SendAsync(new GetUserRoles(Actor, user), roles => Ok(UserRolesJson.From(roles)));

    /// <summary>Replace the roles of a user.</summary>
    /// <remarks>Takes effect with the user's next request.</remarks>
    /// <param name="user">An id or a username.</param>
    /// <param name="body">The roles of the deployment that the user is to have.</param>
    /// <response code="200">The changed user.</response>
    /// <response code="400">It is you, a role is unknown or not yours to give, or there is no such user that you may see.</response>
    /// <response code="403">You may not give roles.</response>
    /// <response code="404">You may not see yourself, or the user was deleted in the meantime.</response>
    [HttpPut("{user}/roles")]
    [ProducesResponseType<UserJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> SetRoles(string user, [FromBody] SetRolesRequestJson body) => SendAsync(
        new SetUserRoles(Actor, user, [.. body.Roles?.Select(role => role ?? "") ?? []]), changed => Ok(UserJson.From(changed)));

    /// <summary>List the organizations of a user.</summary>
    /// <remarks>Those that you may see.</remarks>
    /// <param name="user">An id, a username, or <c>me</c>.</param>
    /// <response code="200">The organizations, in the order of their names.</response>
    /// <response code="400">There is no such user, or you may not see it.</response>
    /// <response code="404">You asked for <c>me</c>, and your credential does not let you see yourself.</response>
    [HttpGet("{user}/organizations")]
    [ProducesResponseType<UserOrganizationJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> ListOrganizations(string user) => SendAsync(
        new ListUserOrganizations(Actor, user), found => Ok(found.Select(UserOrganizationJson.From).ToArray()));

    /// <summary>Get an organization of a user.</summary>
    /// <param name="user">An id, a username, or <c>me</c>.</param>
    /// <param name="organizationname">An id, a name, or <c>default</c>.</param>
    /// <response code="200">The organization.</response>
    /// <response code="400">There is no such user, or you may not see it.</response>
    /// <response code="404">The user does not belong to such an organization, or you may not see it.</response>
    [HttpGet("{user}/organizations/{organizationname}")]
    [ProducesResponseType<UserOrganizationJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> GetOrganization(string user, string organizationname) => SendAsync(
        new GetUserOrganization(Actor, user, organizationname), found => Ok(UserOrganizationJson.From(found)));

    /// <summary>Get how you sign in.</summary>
    /// <param name="user">Your id, your username, or <c>me</c>.</param>
    /// <response code="200">The login type.</response>
    /// <response code="400">There is no such user, or you may not see it.</response>
    /// <response code="403">It is not you.</response>
    /// <response code="404">You asked for <c>me</c>, and your credential does not let you see yourself.</response>
    [HttpGet("{user}/login-type")]
    [ProducesResponseType<LoginTypeJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> GetLoginType(string user) =>
        SendAsync(new GetLoginType(Actor, user), type => Ok(new LoginTypeJson(type.WireName())));

    /// <summary>Get how the user interface looks.</summary>
    /// <param name="user">An id, a username, or <c>me</c>.</param>
    /// <response code="200">The theme and the font, empty when none was chosen.</response>
    /// <response code="400">There is no such user, or you may not see it.</response>
    /// <response code="403">You may not see what is personal about this user.</response>
    /// <response code="404">You asked for <c>me</c>, and your credential does not let you see yourself.</response>
    [HttpGet("{user}/appearance")]
    [ProducesResponseType<AppearanceJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> GetAppearance(string user) =>
        SendAsync(new GetAppearance(Actor, user), appearance => Ok(AppearanceJson.From(appearance)));

    /// <summary>Change how the user interface looks.</summary>
    /// <param name="user">An id, a username, or <c>me</c>.</param>
    /// <param name="body">The theme and the font.</param>
    /// <response code="200">What is stored now.</response>
    /// <response code="400">A field is missing, the font is unknown, or there is no such user that you may see.</response>
    /// <response code="403">You may not change this user.</response>
    /// <response code="404">You may not see yourself, or the user was deleted in the meantime.</response>
    [HttpPut("{user}/appearance")]
    [ProducesResponseType<AppearanceJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> SetAppearance(string user, [FromBody] SetAppearanceRequestJson body) => SendAsync(
        new SetAppearance(Actor, user, new UserAppearance(body.ThemePreference ?? "", body.TerminalFont ?? "")),
        appearance => Ok(AppearanceJson.From(appearance)));
}
