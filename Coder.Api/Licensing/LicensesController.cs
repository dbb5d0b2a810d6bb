using Coder.Api.AuditLogs;
using Coder.Api.Http;
using Coder.Application.Common;
using Coder.Application.Licensing;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Licensing;

/// <summary>Licenses of this deployment.</summary>
[Route("api/v2/licenses")]
[Tags("Licenses")]
internal sealed class LicensesController(ISender sender) : CoderController(sender)
{
    private const int MaximumBody = 128 * 1024;

    /// <summary>List licenses.</summary>
    /// <remarks>Also those that are expired or not accepted. Callers who may not read licenses get an empty list.</remarks>
    /// <response code="200">The licenses, ordered by id.</response>
    [HttpGet]
    [ProducesResponseType<LicenseJson[]>(StatusCodes.Status200OK)]
    public Task<IActionResult> List() => SendAsync(new ListLicenses(Actor), licenses => Ok(licenses.Select(LicenseJson.From).ToArray()));

    /// <summary>Add a license.</summary>
    /// <remarks>What it gives is in force when the answer arrives. A license that is not valid yet is stored and waits.</remarks>
    /// <response code="201">The license was stored.</response>
    /// <response code="400">The license is not accepted; the detail says why.</response>
    /// <response code="403">You may not add licenses.</response>
    /// <response code="409">The license is stored already; the detail has its id.</response>
    /// <response code="413">The body is longer than 128 KiB.</response>
    [HttpPost]
    [RequestSizeLimit(MaximumBody)]
    [RequiresPermission(ResourceType.License, PermissionAction.Create)]
    [RecordsRefusals(AuditResourceType.License, AuditAction.Create)]
    [ProducesResponseType<LicenseJson>(StatusCodes.Status201Created)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status413PayloadTooLarge)]
    public Task<IActionResult> Add([FromBody] AddLicenseRequestJson body) =>
        SendAsync(new AddLicense(Actor, body.License ?? ""), license => Created(LicenseJson.From(license)));

    /// <summary>Compute the entitlements anew.</summary>
    /// <remarks>They are kept current anyway; this is for those who do not want to wait. Works once a minute.</remarks>
    /// <response code="200">The entitlements are new.</response>
    /// <response code="400">They were computed less than a minute ago; try again after the time in Retry-After.</response>
    /// <response code="403">You may not do this.</response>
    [HttpPost("refresh-entitlements")]
    [RequiresPermission(ResourceType.License, PermissionAction.Create)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    public Task<IActionResult> Refresh() => SendAsync(new RefreshEntitlements(Actor), _ => Message("Entitlements updated"));

    /// <summary>Delete a license.</summary>
    /// <param name="id">The number of the license.</param>
    /// <response code="200">The license is gone; the body is empty.</response>
    /// <response code="403">You may not delete licenses.</response>
    /// <response code="404">There is no such license.</response>
    [HttpDelete("{id}")]
    [ProducesResponseType(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Delete(string id) => SendAsync(new DeleteLicense(Actor, id), _ => Ok());
}
