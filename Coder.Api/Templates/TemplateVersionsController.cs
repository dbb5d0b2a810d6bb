using Coder.Api.Http;
using Coder.Api.Provisioning;
using Coder.Api.Swagger;
using Coder.Api.Workspaces;
using Coder.Application.Templates;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Templates;

/// <summary>Versions of templates.</summary>
[Route("api/v2/templateversions/{templateversion}")]
[Tags("Templates")]
internal sealed class TemplateVersionsController(ISender sender) : CoderController(sender)
{
    /// <summary>Get a version.</summary>
    /// <param name="templateversion">The id.</param>
    /// <response code="200">The version.</response>
    /// <response code="400">This is no id.</response>
    /// <response code="404">There is no such version, or you may not see it.</response>
    [HttpGet]
    [ProducesResponseType<TemplateVersionJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Get([DocumentedAs(typeof(Guid))] string templateversion) =>
        SendAsync(new GetVersion(Actor, templateversion), found => Ok(TemplateVersionJson.From(found)));

    /// <summary>Change a version.</summary>
    /// <param name="templateversion">The id.</param>
    /// <param name="body">What to change.</param>
    /// <response code="200">The version as it is now.</response>
    /// <response code="400">A field breaks its rules, or this is no id.</response>
    /// <response code="403">You may not change this template.</response>
    /// <response code="404">There is no such version, or you may not see it.</response>
    /// <response code="409">The template has another version of this name.</response>
    [HttpPatch]
    [ProducesResponseType<TemplateVersionJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> Update(
        [DocumentedAs(typeof(Guid))] string templateversion, [FromBody] PatchTemplateVersionRequestJson body) => SendAsync(
        new UpdateVersion(Actor, templateversion, body.Name, body.Message), changed => Ok(TemplateVersionJson.From(changed)));

    /// <summary>Cancel the import of a version.</summary>
    /// <param name="templateversion">The id.</param>
    /// <response code="200">It ends as soon as its daemon has heard of it, at once if there is none.</response>
    /// <response code="400">It has ended or was canceled already, or this is no id.</response>
    /// <response code="403">You may not change this template.</response>
    /// <response code="404">There is no such version, or you may not see it.</response>
    [HttpPatch("cancel")]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Cancel([DocumentedAs(typeof(Guid))] string templateversion) =>
        SendAsync(new CancelVersion(Actor, templateversion), _ => Message("Job has been marked as canceled..."));

    /// <summary>Archive a version.</summary>
    /// <remarks>Lists leave it out, and nothing new is made of it.</remarks>
    /// <param name="templateversion">The id.</param>
    /// <response code="200">It is archived.</response>
    /// <response code="400">It is in use or archived already, or this is no id.</response>
    /// <response code="403">You may not change this template.</response>
    /// <response code="404">There is no such version, or you may not see it.</response>
    [HttpPost("archive")]
    [ProducesResponseType<string>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Archive([DocumentedAs(typeof(Guid))] string templateversion) =>
        SendAsync(new ArchiveVersion(Actor, templateversion, true), id => new JsonResult($"template version {id} archived"));

    /// <summary>Bring an archived version back.</summary>
    /// <param name="templateversion">The id.</param>
    /// <response code="200">It is there again.</response>
    /// <response code="400">It is not archived, or this is no id.</response>
    /// <response code="403">You may not change this template.</response>
    /// <response code="404">There is no such version, or you may not see it.</response>
    [HttpPost("unarchive")]
    [ProducesResponseType<string>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Unarchive([DocumentedAs(typeof(Guid))] string templateversion) =>
        SendAsync(new ArchiveVersion(Actor, templateversion, false), id => new JsonResult($"template version {id} unarchived"));

    /// <summary>Get what a version asks for at every build.</summary>
    /// <param name="templateversion">The id.</param>
    /// <response code="200">The parameters, in the order of the form.</response>
    /// <response code="400">This is no id.</response>
    /// <response code="404">There is no such version, or you may not see it.</response>
    /// <response code="425">The import has not ended; ask again.</response>
    [HttpGet("rich-parameters")]
    [ProducesResponseType<TemplateVersionParameterJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(425)]
    public Task<IActionResult> Parameters([DocumentedAs(typeof(Guid))] string templateversion) => SendAsync(
        new GetVersionParameters(Actor, templateversion), found => Ok(found.Select(TemplateVersionParameterJson.From).ToArray()));

    /// <summary>Get what a version asked for at its import.</summary>
    /// <param name="templateversion">The id.</param>
    /// <response code="200">The variables, by name.</response>
    /// <response code="400">This is no id.</response>
    /// <response code="403">The import has not ended.</response>
    /// <response code="404">There is no such version, or you may not see it.</response>
    [HttpGet("variables")]
    [ProducesResponseType<TemplateVersionVariableJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Variables([DocumentedAs(typeof(Guid))] string templateversion) => SendAsync(
        new GetVersionVariables(Actor, templateversion), found => Ok(found.Select(TemplateVersionVariableJson.From).ToArray()));

    /// <summary>Get the presets of a version.</summary>
    /// <param name="templateversion">The id.</param>
    /// <response code="200">The default one first, the others by name.</response>
    /// <response code="400">This is no id.</response>
    /// <response code="404">There is no such version, or you may not see it.</response>
    [HttpGet("presets")]
    [ProducesResponseType<PresetJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Presets([DocumentedAs(typeof(Guid))] string templateversion) =>
        SendAsync(new GetVersionPresets(Actor, templateversion), found => Ok(found.Select(PresetJson.From).ToArray()));

    /// <summary>Get what the import foresees that builds make.</summary>
    /// <param name="templateversion">The id.</param>
    /// <response code="200">The resources after a start, and those that are left after a stop.</response>
    /// <response code="400">This is no id.</response>
    /// <response code="404">There is no such version, or you may not see it.</response>
    [HttpGet("resources")]
    [ProducesResponseType<WorkspaceResourceJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Resources([DocumentedAs(typeof(Guid))] string templateversion) => SendAsync(
        new GetVersionResources(Actor, templateversion),
        found => Ok(found.Resources.Select(r => WorkspaceResourceJson.From(r, new ResourceContext(found.At))).ToArray()));

    /// <summary>Get what a version asks for, in a form that is no longer used.</summary>
    /// <param name="templateversion">The id.</param>
    /// <response code="200">An empty list.</response>
    /// <response code="400">This is no id.</response>
    /// <response code="404">There is no such version, or you may not see it.</response>
    [HttpGet("parameters")]
    [ProducesResponseType(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> LegacyParameters([DocumentedAs(typeof(Guid))] string templateversion) =>
        SendAsync(new GetVersion(Actor, templateversion), _ => Ok(Array.Empty<PresetParameterJson>()));

    /// <summary>Get the schema of what a version asks for, in a form that is no longer used.</summary>
    /// <param name="templateversion">The id.</param>
    /// <response code="200">An empty list.</response>
    /// <response code="400">This is no id.</response>
    /// <response code="404">There is no such version, or you may not see it.</response>
    [HttpGet("schema")]
    [ProducesResponseType(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> LegacySchema([DocumentedAs(typeof(Guid))] string templateversion) =>
        SendAsync(new GetVersion(Actor, templateversion), _ => Ok(Array.Empty<PresetParameterJson>()));

    /// <summary>Get the accounts elsewhere that a version needs.</summary>
    /// <param name="templateversion">The id.</param>
    /// <response code="200">An empty list: manifests can not ask for accounts.</response>
    /// <response code="400">This is no id.</response>
    /// <response code="404">There is no such version, or you may not see it.</response>
    [HttpGet("external-auth")]
    [ProducesResponseType<TemplateVersionExternalAuthJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> ExternalAuth([DocumentedAs(typeof(Guid))] string templateversion) =>
        SendAsync(new GetVersion(Actor, templateversion), _ => Ok(Array.Empty<TemplateVersionExternalAuthJson>()));

    /// <summary>Read the log of the import of a version.</summary>
    /// <remarks>With <c>follow</c> it is a WebSocket with one line a message, which ends with the import.</remarks>
    /// <param name="templateversion">The id.</param>
    /// <param name="before">Only lines with smaller ids; not together with <c>follow</c>.</param>
    /// <param name="after">Only lines with greater ids.</param>
    /// <param name="follow">Whether lines are sent as they come.</param>
    /// <response code="200">The lines, by id.</response>
    /// <response code="400">A parameter can not be read, or this is no id.</response>
    /// <response code="404">There is no such version, or you may not see it.</response>
    [HttpGet("logs")]
    [ProducesResponseType<ProvisionerJobLogJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Logs(
        [DocumentedAs(typeof(Guid))] string templateversion,
        [FromQuery, DocumentedAs(typeof(int))] string? before,
        [FromQuery, DocumentedAs(typeof(int))] string? after,
        [FromQuery, DocumentedAs(typeof(bool))] string? follow) =>
        SendAsync(new GetVersion(Actor, templateversion), found => new JobLogsResult(found.Job.Id));
}
