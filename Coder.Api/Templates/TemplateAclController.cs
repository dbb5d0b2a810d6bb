using Coder.Api.AuditLogs;
using Coder.Api.Http;
using Coder.Api.Swagger;
using Coder.Application.Common;
using Coder.Application.Templates;
using Coder.Domain.AuditLogs;
using Coder.Domain.Licensing;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Templates;

/// <summary>With whom templates are shared.</summary>
[Route("api/v2/templates/{template}/acl")]
[Tags("Templates")]
internal sealed class TemplateAclController(ISender sender) : CoderController(sender)
{
    private static readonly Dictionary<string, string?> Nothing = [];

    /// <summary>Get with whom a template is shared.</summary>
    /// <param name="template">The id.</param>
    /// <response code="200">Users and groups with their roles.</response>
    /// <response code="400">This is no id.</response>
    /// <response code="403">You may not change this template, or the license does not give this.</response>
    /// <response code="404">There is no such template, or you may not see it.</response>
    [HttpGet]
    [RequiresFeature(FeatureName.TemplateRbac)]
    [ProducesResponseType<TemplateAclJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Get([DocumentedAs(typeof(Guid))] string template) =>
        SendAsync(new GetTemplateAcl(Actor, template), acl => Ok(TemplateAclJson.From(acl)));

    /// <summary>Share a template, or end that.</summary>
    /// <remarks>Entries that are not named stay. It holds from the next request of those concerned on.</remarks>
    /// <param name="template">The id.</param>
    /// <param name="body">Roles by id.</param>
    /// <response code="200">The list was changed.</response>
    /// <response code="400">A user, a group or a role does not exist, or this is no id.</response>
    /// <response code="403">You may not change this template, or the license does not give this.</response>
    /// <response code="404">There is no such template, or you may not see it.</response>
    [HttpPatch]
    [RequiresFeature(FeatureName.TemplateRbac)]
    [RecordsRefusals(AuditResourceType.Template, AuditAction.Write)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Update(
        [DocumentedAs(typeof(Guid))] string template, [FromBody] UpdateTemplateAclRequestJson body) => SendAsync(
        new UpdateTemplateAcl(Actor, template, body.UserPerms ?? Nothing, body.GroupPerms ?? Nothing),
        _ => Message("Successfully updated template ACL list."));

    /// <summary>List with whom a template could be shared.</summary>
    /// <param name="template">The id.</param>
    /// <response code="200">Members and groups of its organization.</response>
    /// <response code="400">This is no id.</response>
    /// <response code="403">The license does not give this.</response>
    /// <response code="404">There is no such template, or you may not change it.</response>
    [HttpGet("available")]
    [RequiresFeature(FeatureName.TemplateRbac)]
    [ProducesResponseType<AclAvailableJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Available([DocumentedAs(typeof(Guid))] string template)
    {
        // Dashboards send them, although the contract does not name them.
        var query = new QueryReader(Request.Query);
        var search = query.Text("q") ?? "";
        return SendAsync(
            query.Finish(query.Positive("limit")),
            limit => new ListAclCandidates(Actor, template, search, limit),
            found => Ok(AclAvailableJson.From(found)));
    }
}
