using Coder.Api.AuditLogs;
using Coder.Api.Http;
using Coder.Application.Common;
using Coder.Application.Groups;
using Coder.Domain.AuditLogs;
using Coder.Domain.Licensing;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Groups;

/// <summary>Groups of one organization.</summary>
[Route("api/v2/organizations/{organization}/groups")]
[Tags("Groups")]
internal sealed class OrganizationGroupsController(ISender sender) : CoderController(sender)
{
    /// <summary>List groups of an organization.</summary>
    /// <remarks>Those that you may see, ordered by name. Works without a license for groups too.</remarks>
    /// <param name="organization">An id, a name, or <c>default</c>.</param>
    /// <response code="200">The groups.</response>
    /// <response code="404">There is no such organization, or you may not see it.</response>
    [HttpGet]
    [ProducesResponseType<GroupJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> List(string organization) => SendAsync(
        new ListOrganizationGroups(Actor, organization), found => Ok(found.Select(GroupJson.From).ToArray()));

    /// <summary>Create a group.</summary>
    /// <param name="organization">An id, a name, or <c>default</c>.</param>
    /// <param name="body">What the group is to be like.</param>
    /// <response code="201">The group was made; it has no members yet.</response>
    /// <response code="400">A field breaks its rules, or the name is that of the Everyone group.</response>
    /// <response code="403">You may not make groups, or the license does not give them.</response>
    /// <response code="404">There is no such organization, or you may not see it.</response>
    /// <response code="409">The organization has a group of this name.</response>
    [HttpPost]
    [RequiresFeature(FeatureName.TemplateRbac)]
    [RecordsRefusals(AuditResourceType.Group, AuditAction.Create)]
    [ProducesResponseType<GroupJson>(StatusCodes.Status201Created)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> Create(string organization, [FromBody] CreateGroupRequestJson body) => SendAsync(
        new CreateGroup(
            Actor, organization, body.Name ?? "", body.DisplayName ?? "", body.AvatarUrl ?? "", body.QuotaAllowance ?? 0),
        created => Created(GroupJson.From(created)));

    /// <summary>Get a group of an organization by its name.</summary>
    /// <remarks>Works without a license for groups too.</remarks>
    /// <param name="organization">An id, a name, or <c>default</c>.</param>
    /// <param name="groupName">Without regard to case.</param>
    /// <response code="200">The group.</response>
    /// <response code="404">There is no such organization or group, or you may not see it.</response>
    [HttpGet("{groupName}")]
    [ProducesResponseType<GroupJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Get(string organization, string groupName) => SendAsync(
        new GetGroupByName(Actor, organization, groupName), found => Ok(GroupJson.From(found)));
}
