using Coder.Api.Http;
using Coder.Api.Swagger;
using Coder.Api.Users;
using Coder.Application.Organizations;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Organizations;

/// <summary>Members of organizations.</summary>
[Route("api/v2/organizations/{organization}")]
[Tags("Members")]
internal sealed class OrganizationMembersController(ISender sender) : CoderController(sender)
{
    /// <summary>List members.</summary>
    /// <remarks>Those whom you may see, ordered by username: at least yourself.</remarks>
    /// <param name="organization">An id, a name, or <c>default</c>.</param>
    /// <response code="200">The members.</response>
    /// <response code="404">There is no such organization, or you may not see it.</response>
    [HttpGet("members")]
    [ProducesResponseType<MemberWithUserJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> List(string organization) => SendAsync(
        new ListOrganizationMembers(Actor, organization),
        found => Ok(found.Members.Select(member => MemberWithUserJson.From(member, found.Titles)).ToArray()));

    /// <summary>List members by pages.</summary>
    /// <remarks>For those who may see all members. A page beyond the end is empty.</remarks>
    /// <param name="organization">An id, a name, or <c>default</c>.</param>
    /// <param name="limit">How many at most; all when 0 or left out.</param>
    /// <param name="offset">How many to pass over.</param>
    /// <response code="200">The page, and how many members there are.</response>
    /// <response code="400">A parameter is not a whole number, or stands there twice.</response>
    /// <response code="404">There is no such organization, or you may not see its members.</response>
    [HttpGet("paginated-members")]
    [ProducesResponseType<MemberPageJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Page(
        string organization, [DocumentedAs(typeof(int))] string? limit, [DocumentedAs(typeof(int))] string? offset) => SendAsync(
        PagingQuery.Read(Request.Query),
        paging => new PageOrganizationMembers(Actor, organization, paging.Limit, paging.Offset),
        page => Ok(new MemberPageJson([.. page.Members.Select(m => MemberWithUserJson.From(m, page.Titles))], page.Count)));

    /// <summary>Add a member.</summary>
    /// <param name="organization">An id, a name, or <c>default</c>.</param>
    /// <param name="user">An id, a username, or <c>me</c>.</param>
    /// <response code="200">The user is a member now.</response>
    /// <response code="400">There is no such user, or you may not see it, or it is a member already.</response>
    /// <response code="403">You may not add members.</response>
    /// <response code="404">There is no such organization, or you may not see it.</response>
    [HttpPost("members/{user}")]
    [ProducesResponseType<OrganizationMemberJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Add(string organization, string user) => SendAsync(
        new AddOrganizationMember(Actor, organization, user), added => Ok(OrganizationMemberJson.From(added, role => role)));

    /// <summary>Remove a member.</summary>
    /// <remarks>What the user owns in the organization stays, out of the user's reach.</remarks>
    /// <param name="organization">An id, a name, or <c>default</c>.</param>
    /// <param name="user">An id or a username.</param>
    /// <response code="204">The user is a member no more; the body is empty.</response>
    /// <response code="400">You can not remove yourself.</response>
    /// <response code="403">You may not remove members.</response>
    /// <response code="404">There is no such organization or no such member, or you may not see it.</response>
    [HttpDelete("members/{user}")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Remove(string organization, string user) =>
        SendAsync(new RemoveOrganizationMember(Actor, organization, user), _ => NoContent());

    /// <summary>Set the roles of a member.</summary>
    /// <remarks>Replaces all of them. Giving and taking a role need the same right; nobody changes their own.</remarks>
    /// <param name="organization">An id, a name, or <c>default</c>.</param>
    /// <param name="user">An id or a username.</param>
    /// <param name="body">The roles wanted.</param>
    /// <response code="200">The member as it is now.</response>
    /// <response code="400">There is no such user or role, a role is beyond what you may give or take, or it is you.</response>
    /// <response code="403">You may not give roles in this organization.</response>
    /// <response code="404">There is no such organization or no such member, or you may not see it.</response>
    [HttpPut("members/{user}/roles")]
    [ProducesResponseType<OrganizationMemberJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> SetRoles(string organization, string user, [FromBody] SetRolesRequestJson body) => SendAsync(
        new SetOrganizationMemberRoles(Actor, organization, user, [.. (body.Roles ?? []).Select(role => role ?? "")]),
        changed => Ok(OrganizationMemberJson.From(changed.Member, changed.Titles.Of)));
}
