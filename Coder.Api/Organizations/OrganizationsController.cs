using Coder.Api.AuditLogs;
using Coder.Api.Http;
using Coder.Application.Common;
using Coder.Application.Organizations;
using Coder.Domain.AuditLogs;
using Coder.Domain.Licensing;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Organizations;

/// <summary>Organizations: the tenants of the deployment.</summary>
[Route("api/v2/organizations")]
[Tags("Organizations")]
internal sealed class OrganizationsController(ISender sender) : CoderController(sender)
{
    /// <summary>List organizations.</summary>
    /// <remarks>Those that you may see, ordered by name.</remarks>
    /// <response code="200">The organizations.</response>
    [HttpGet]
    [ProducesResponseType<OrganizationJson[]>(StatusCodes.Status200OK)]
    public Task<IActionResult> List() =>
        SendAsync(new ListOrganizations(Actor), found => Ok(found.Select(OrganizationJson.From).ToArray()));

    /// <summary>Get an organization.</summary>
    /// <param name="organization">An id, a name, or <c>default</c>.</param>
    /// <response code="200">The organization.</response>
    /// <response code="404">There is no such organization, or you may not see it.</response>
    [HttpGet("{organization}")]
    [ProducesResponseType<OrganizationJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Get(string organization) =>
        SendAsync(new GetOrganization(Actor, organization), found => Ok(OrganizationJson.From(found)));

    /// <summary>Create an organization.</summary>
    /// <remarks>You become its first member. Needs the feature <c>multiple_organizations</c>.</remarks>
    /// <response code="201">The organization was made.</response>
    /// <response code="400">A field breaks its rules, or the name is reserved.</response>
    /// <response code="403">You may not create organizations, or the license does not give the feature.</response>
    /// <response code="409">The name is taken.</response>
    [HttpPost]
    [RequiresFeature(FeatureName.MultipleOrganizations)]
    [RecordsRefusals(AuditResourceType.Organization, AuditAction.Create)]
    [ProducesResponseType<OrganizationJson>(StatusCodes.Status201Created)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> Create([FromBody] CreateOrganizationRequestJson body) => SendAsync(
        new CreateOrganization(Actor, body.Name ?? "", body.DisplayName ?? "", body.Description ?? "", body.Icon ?? ""),
        made => Created(OrganizationJson.From(made)));

    /// <summary>Change an organization.</summary>
    /// <remarks>What is left out stays. Needs the feature <c>multiple_organizations</c>.</remarks>
    /// <param name="organization">An id, a name, or <c>default</c>.</param>
    /// <param name="body">The new values.</param>
    /// <response code="200">The organization as it is now.</response>
    /// <response code="400">A field breaks its rules, or the name is reserved.</response>
    /// <response code="403">You may not change it, or the license does not give the feature.</response>
    /// <response code="404">There is no such organization, or you may not see it.</response>
    /// <response code="409">The name is taken.</response>
    [HttpPatch("{organization}")]
    [RequiresFeature(FeatureName.MultipleOrganizations)]
    [RecordsRefusals(AuditResourceType.Organization, AuditAction.Write)]
    [ProducesResponseType<OrganizationJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> Update(string organization, [FromBody] UpdateOrganizationRequestJson body) => SendAsync(
        new UpdateOrganization(Actor, organization, body.Name, body.DisplayName, body.Description, body.Icon),
        changed => Ok(OrganizationJson.From(changed)));

    /// <summary>Delete an organization.</summary>
    /// <remarks>Only when nothing but one member is left in it. Its name is free then. Needs the feature <c>multiple_organizations</c>.</remarks>
    /// <param name="organization">An id or a name.</param>
    /// <response code="200">It is deleted.</response>
    /// <response code="400">It is the default organization.</response>
    /// <response code="403">You may not delete it, or the license does not give the feature.</response>
    /// <response code="404">There is no such organization, or you may not see it.</response>
    /// <response code="409">Something is left in it; the detail says what.</response>
    [HttpDelete("{organization}")]
    [RequiresFeature(FeatureName.MultipleOrganizations)]
    [RecordsRefusals(AuditResourceType.Organization, AuditAction.Delete)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> Delete(string organization) =>
        SendAsync(new DeleteOrganization(Actor, organization), _ => Message("Organization has been deleted."));
}
