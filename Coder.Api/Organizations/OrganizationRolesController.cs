using Coder.Api.AuditLogs;
using Coder.Api.Http;
using Coder.Application.Common;
using Coder.Application.Organizations;
using Coder.Domain.AuditLogs;
using Coder.Domain.Licensing;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Organizations;

/// <summary>Roles in organizations.</summary>
[Route("api/v2/organizations/{organization}/members/roles")]
[Tags("Members")]
internal sealed class OrganizationRolesController(ISender sender) : CoderController(sender)
{
    /// <summary>List the roles of an organization.</summary>
    /// <remarks>The built-in ones first, then those of this organization by name.</remarks>
    /// <param name="organization">An id, a name, or <c>default</c>.</param>
    /// <response code="200">The roles.</response>
    /// <response code="404">There is no such organization, or you may not see its roles.</response>
    [HttpGet]
    [ProducesResponseType<AssignableRoleJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> List(string organization) =>
        SendAsync(new ListOrganizationRoles(Actor, organization), roles => Ok(roles.Select(AssignableRoleJson.From).ToArray()));

    /// <summary>Create a custom role.</summary>
    /// <remarks>
    /// It grants single permissions in this organization, and none that you do not have there yourself. Needs the feature
    /// <c>custom_roles</c>.
    /// </remarks>
    /// <param name="organization">An id, a name, or <c>default</c>.</param>
    /// <param name="body">The role.</param>
    /// <response code="200">The role was made.</response>
    /// <response code="400">A field breaks its rules, the name is that of a built-in role, or a permission can not be granted.</response>
    /// <response code="403">You may not make roles, or the license does not give the feature.</response>
    /// <response code="404">There is no such organization, or you may not see it.</response>
    /// <response code="409">The organization has a role of that name.</response>
    [HttpPost]
    [RequiresFeature(FeatureName.CustomRoles)]
    [RecordsRefusals(AuditResourceType.CustomRole, AuditAction.Create)]
    [ProducesResponseType<RoleJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> Create(string organization, [FromBody] CustomRoleRequestJson body) =>
        SendAsync(new CreateCustomRole(Actor, organization, body.ToDraft()), role => Ok(RoleJson.From(role)));

    /// <summary>Change a custom role.</summary>
    /// <remarks>
    /// Replaces what it is called and grants; permissions that no longer exist are dropped. It holds for everybody who has the role, at
    /// once. Needs the feature <c>custom_roles</c>.
    /// </remarks>
    /// <param name="organization">An id, a name, or <c>default</c>.</param>
    /// <param name="body">The role; its name says which.</param>
    /// <response code="200">The role as it is now.</response>
    /// <response code="400">A field breaks its rules, the name is that of a built-in role, or a permission can not be granted.</response>
    /// <response code="403">You may not change roles, or the license does not give the feature.</response>
    /// <response code="404">There is no such organization or no such role, or you may not see it.</response>
    [HttpPut]
    [RequiresFeature(FeatureName.CustomRoles)]
    [RecordsRefusals(AuditResourceType.CustomRole, AuditAction.Write)]
    [ProducesResponseType<RoleJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Update(string organization, [FromBody] CustomRoleRequestJson body) =>
        SendAsync(new UpdateCustomRole(Actor, organization, body.ToDraft()), role => Ok(RoleJson.From(role)));

    /// <summary>Delete a custom role.</summary>
    /// <remarks>It is taken from everybody who has it. Needs the feature <c>custom_roles</c>.</remarks>
    /// <param name="organization">An id, a name, or <c>default</c>.</param>
    /// <param name="roleName">The name of the role.</param>
    /// <response code="204">The role is gone; the body is empty.</response>
    /// <response code="403">You may not delete roles, or the license does not give the feature.</response>
    /// <response code="404">There is no such organization or no such role, or you may not see it.</response>
    [HttpDelete("{roleName}")]
    [RequiresFeature(FeatureName.CustomRoles)]
    [RecordsRefusals(AuditResourceType.CustomRole, AuditAction.Delete)]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Delete(string organization, string roleName) =>
        SendAsync(new DeleteCustomRole(Actor, organization, roleName), _ => NoContent());
}
