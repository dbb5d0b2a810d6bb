using Coder.Api.AuditLogs;
using Coder.Api.Http;
using Coder.Application.Common;
using Coder.Application.Groups;
using Coder.Domain.AuditLogs;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Groups;

/// <summary>Groups of all organizations.</summary>
[Route("api/v2/groups")]
[Tags("Groups")]
internal sealed class GroupsController(ISender sender) : CoderController(sender)
{
    private const string HasMember = "has_member";
    private const string GroupIds = "group_ids";

    /// <summary>List groups.</summary>
    /// <remarks>
    /// Those that you may see, ordered by name: at least the groups that you are in, and with them the Everyone group of each of your
    /// organizations. Works without a license for groups too.
    /// </remarks>
    /// <param name="organization">Only those of this organization: an id, a name, or <c>default</c>.</param>
    /// <param name="hasMember">Only those that this user is in, as far as you may see that: an id, a username, or <c>me</c>.</param>
    /// <param name="groupIds">Only those with one of these ids, with commas between them.</param>
    /// <response code="200">The groups.</response>
    /// <response code="400">A parameter stands there twice or is no id, or there is nothing of that name that you may see.</response>
    [HttpGet]
    [ProducesResponseType<GroupJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    public async Task<IActionResult> List(
        [FromQuery] string? organization, [FromQuery(Name = HasMember)] string? hasMember, [FromQuery(Name = GroupIds)] string? groupIds)
    {
        List<FieldError> errors = [];
        Request.Query.JudgeRepeated([nameof(organization), HasMember, GroupIds], errors);
        var list = new ListGroups(Actor, organization ?? "", hasMember ?? "", groupIds ?? "");
        return errors.Count == 0
            ? await SendAsync(list, found => Ok(found.Select(GroupJson.From).ToArray()))
            : ErrorPresenter.Present(HttpContext, new Error(ErrorKind.Invalid, "Query parameters have invalid values.", null, errors));
    }

    /// <summary>Get a group.</summary>
    /// <remarks>Works without a license for groups too.</remarks>
    /// <param name="group">The id.</param>
    /// <response code="200">The group.</response>
    /// <response code="400">This is no id.</response>
    /// <response code="404">There is no such group, or you may not see it.</response>
    [HttpGet("{group}")]
    [ProducesResponseType<GroupJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Get(string group) => SendAsync(new GetGroup(Actor, group), found => Ok(GroupJson.From(found)));

    /// <summary>Change a group, and who is in it.</summary>
    /// <remarks>
    /// What is shared with the group is open to new members, and closed to those removed, from their next request on. Users are added
    /// first. The Everyone group keeps its name, and its members are those of the organization.
    /// </remarks>
    /// <param name="group">The id.</param>
    /// <param name="body">What to change.</param>
    /// <response code="200">The group as it is now.</response>
    /// <response code="400">A field breaks its rules, a user is not in the organization or in the group already, or this is no id.</response>
    /// <response code="403">You may not change this group, it is the Everyone group, or the license does not give groups.</response>
    /// <response code="404">There is no such group, or you may not see it.</response>
    /// <response code="409">The organization has another group of this name.</response>
    [HttpPatch("{group}")]
    [RequiresFeature(FeatureName.TemplateRbac)]
    [RecordsRefusals(AuditResourceType.Group, AuditAction.Write)]
    [ProducesResponseType<GroupJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> Update(string group, [FromBody] PatchGroupRequestJson body) => SendAsync(
        new UpdateGroup(
            Actor, group, body.Name, body.DisplayName, body.AvatarUrl, body.QuotaAllowance, body.AddUsers ?? [], body.RemoveUsers ?? []),
        changed => Ok(GroupJson.From(changed)));

    /// <summary>Delete a group.</summary>
    /// <param name="group">The id.</param>
    /// <response code="200">The group is gone.</response>
    /// <response code="400">The Everyone group can not be deleted, or this is no id.</response>
    /// <response code="403">You may not delete this group, or the license does not give groups.</response>
    /// <response code="404">There is no such group, or you may not see it.</response>
    [HttpDelete("{group}")]
    [RequiresFeature(FeatureName.TemplateRbac)]
    [RecordsRefusals(AuditResourceType.Group, AuditAction.Delete)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Delete(string group) => SendAsync(new DeleteGroup(Actor, group), _ => Message("Successfully deleted group!"));
}
