using Coder.Api.AuditLogs;
using Coder.Api.Authentication;
using Coder.Api.Http;
using Coder.Application.Common;
using Coder.Application.Provisioning;
using Coder.Domain.AuditLogs;
using Coder.Domain.Licensing;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Provisioning;

/// <summary>The keys that let provisioner daemons in.</summary>
[Route("api/v2")]
[Tags("Provisioning")]
internal sealed class ProvisionerKeysController(ISender sender) : CoderController(sender)
{
    private const string OfOrganization = "organizations/{organization}/provisionerkeys";

    /// <summary>List the keys of provisioner daemons.</summary>
    /// <param name="organization">An id, a name, or default.</param>
    /// <response code="200">The keys by name, without their secrets.</response>
    /// <response code="403">The feature is not licensed.</response>
    /// <response code="404">There is no such organization, or you may not see it.</response>
    [HttpGet(OfOrganization)]
    [RequiresFeature(FeatureName.ExternalProvisionerDaemons)]
    [ProducesResponseType<ProvisionerKeyJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> List(string organization) => SendAsync(
        new ListProvisionerKeys(Actor, organization), keys => Ok(keys.Select(ProvisionerKeyJson.From).ToArray()));

    /// <summary>Make a key for provisioner daemons.</summary>
    /// <remarks>
    /// The secret in the answer is shown this once; only a hash of it is kept. Daemons send it in the header
    /// <c>Coder-Provisioner-Daemon-Key</c>, and get the tags of the key.
    /// </remarks>
    /// <param name="organization">An id, a name, or default.</param>
    /// <param name="body">The key.</param>
    /// <response code="201">The key was made.</response>
    /// <response code="400">A field breaks its rules, or the name stands for daemons without a key.</response>
    /// <response code="403">You may not make keys, or the feature is not licensed.</response>
    /// <response code="404">There is no such organization, or you may not see it.</response>
    /// <response code="409">Another key of the organization has the name.</response>
    [HttpPost(OfOrganization)]
    [RequiresFeature(FeatureName.ExternalProvisionerDaemons)]
    [RecordsRefusals(AuditResourceType.ProvisionerKey, AuditAction.Create)]
    [ProducesResponseType<CreateProvisionerKeyResponseJson>(StatusCodes.Status201Created)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> Create(string organization, [FromBody] CreateProvisionerKeyRequestJson body) => SendAsync(
        new CreateProvisionerKey(Actor, organization, body.Name ?? "", body.ReadTags()),
        created => Created(new CreateProvisionerKeyResponseJson(created.Secret)));

    /// <summary>List the keys of provisioner daemons with their daemons.</summary>
    /// <param name="organization">An id, a name, or default.</param>
    /// <response code="200">The keys by name, each with its daemons.</response>
    /// <response code="403">The feature is not licensed.</response>
    /// <response code="404">There is no such organization, or you may not see it.</response>
    [HttpGet(OfOrganization + "/daemons")]
    [RequiresFeature(FeatureName.ExternalProvisionerDaemons)]
    [ProducesResponseType<ProvisionerKeyDaemonsJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Daemons(string organization) =>
        SendAsync(new ListProvisionerKeyDaemons(Actor, organization), found => Ok(ProvisionerKeyDaemonsJson.From(found)));

    /// <summary>Delete a key of provisioner daemons.</summary>
    /// <remarks>Its daemons go with it, and their calls are refused at once.</remarks>
    /// <param name="organization">An id, a name, or default.</param>
    /// <param name="provisionerkey">The name, without regard to case.</param>
    /// <response code="204">The key is gone; the body is empty.</response>
    /// <response code="403">You may not delete keys, or the feature is not licensed.</response>
    /// <response code="404">There is no such organization or key, or you may not see it.</response>
    [HttpDelete(OfOrganization + "/{provisionerkey}")]
    [RequiresFeature(FeatureName.ExternalProvisionerDaemons)]
    [RecordsRefusals(AuditResourceType.ProvisionerKey, AuditAction.Delete)]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Delete(string organization, string provisionerkey) =>
        SendAsync(new DeleteProvisionerKey(Actor, organization, provisionerkey), _ => NoContent());

    /// <summary>Get what a key of provisioner daemons is for.</summary>
    /// <remarks>
    /// A daemon with a key asks for its own one, by its id or by its secret; a user for any that he may see, by its id. Needs no license.
    /// </remarks>
    /// <param name="provisionerkey">The id, or the secret of the caller.</param>
    /// <response code="200">The key, without its secret.</response>
    /// <response code="400">This is no id.</response>
    /// <response code="404">There is no such key, or you may not see it.</response>
    [HttpGet("provisionerkeys/{provisionerkey}")]
    [DaemonAuthentication]
    [ProducesResponseType<ProvisionerKeyJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Get(string provisionerkey) => SendAsync(
        new GetProvisionerKey(
            HttpContext.Features.Get<DaemonCaller>() ?? throw new InvalidOperationException("There is no caller."), provisionerkey),
        key => Ok(ProvisionerKeyJson.From(key)));
}
