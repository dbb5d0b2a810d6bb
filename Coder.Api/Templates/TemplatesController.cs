using Coder.Api.Http;
using Coder.Api.Swagger;
using Coder.Application.Templates;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Templates;

/// <summary>Templates of all organizations.</summary>
[Route("api/v2/templates")]
[Tags("Templates")]
internal sealed class TemplatesController(ISender sender) : CoderController(sender)
{
    /// <summary>List templates.</summary>
    /// <remarks>Those that you may see, ordered by name.</remarks>
    /// <param name="q">
    /// A search: words stand somewhere in the name; keys are <c>exact_name</c>, <c>organization</c> (an id or a name), <c>ids</c>,
    /// <c>deprecated</c>, <c>deleted</c>, <c>has-ai-task</c>, <c>has_external_agent</c>, <c>author</c> (a username or <c>me</c>) and
    /// <c>author_id</c>.
    /// </param>
    /// <response code="200">The templates.</response>
    /// <response code="400">The search can not be read.</response>
    [HttpGet]
    [ProducesResponseType<TemplateJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    public Task<IActionResult> List([FromQuery] string? q) =>
        SendAsync(new ListTemplates(Actor, null, q ?? ""), found => Ok(found.Select(TemplateJson.From).ToArray()));

    /// <summary>Get a template.</summary>
    /// <param name="template">The id.</param>
    /// <response code="200">The template.</response>
    /// <response code="400">This is no id.</response>
    /// <response code="404">There is no such template, or you may not see it.</response>
    [HttpGet("{template}")]
    [ProducesResponseType<TemplateJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Get([DocumentedAs(typeof(Guid))] string template) =>
        SendAsync(new GetTemplate(Actor, template), found => Ok(TemplateJson.From(found)));

    /// <summary>Change a template.</summary>
    /// <remarks>
    /// A new schedule changes the workspaces of people that exist already, never prebuilt ones. What the license does not give is passed
    /// over.
    /// </remarks>
    /// <param name="template">The id.</param>
    /// <param name="body">What the template is to be like.</param>
    /// <response code="200">The template as it is now.</response>
    /// <response code="304">It was like that before; the body is empty.</response>
    /// <response code="400">A field breaks its rules, or this is no id.</response>
    /// <response code="403">You may not change this template.</response>
    /// <response code="404">There is no such template, or you may not see it.</response>
    /// <response code="409">The organization has another template of this name.</response>
    [HttpPatch("{template}")]
    [ProducesResponseType<TemplateJson>(StatusCodes.Status200OK)]
    [ProducesResponseType(StatusCodes.Status304NotModified)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> Update([DocumentedAs(typeof(Guid))] string template, [FromBody] UpdateTemplateRequestJson body) => SendAsync(
        new UpdateTemplate(Actor, template, body.ToChange()),
        update => update.View is { } view ? Ok(TemplateJson.From(view)) : StatusCode(StatusCodes.Status304NotModified));

    /// <summary>Delete a template.</summary>
    /// <remarks>
    /// It must have no workspaces. Where only prebuilt ones are left, they are removed from then on, and the deletion works once they are
    /// gone.
    /// </remarks>
    /// <param name="template">The id.</param>
    /// <response code="200">The template is gone.</response>
    /// <response code="400">There are workspaces left, or this is no id.</response>
    /// <response code="403">You may not delete this template.</response>
    /// <response code="404">There is no such template, or you may not see it.</response>
    [HttpDelete("{template}")]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Delete([DocumentedAs(typeof(Guid))] string template) =>
        SendAsync(new DeleteTemplate(Actor, template), _ => Message("Template has been deleted!"));

    /// <summary>Make another version the active one.</summary>
    /// <param name="template">The id.</param>
    /// <param name="body">Which version.</param>
    /// <response code="200">New workspaces are made from this version.</response>
    /// <response code="400">The version is archived or belongs to another template, or this is no id.</response>
    /// <response code="403">You may not change this template, or the import of the version did not end well.</response>
    /// <response code="404">There is no such template or version, or you may not see it.</response>
    [HttpPatch("{template}/versions")]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Promote([DocumentedAs(typeof(Guid))] string template, [FromBody] PromoteVersionRequestJson body) =>
        SendAsync(new PromoteVersion(Actor, template, body.Id ?? Guid.Empty), _ => Message("Updated the active template version!"));

    /// <summary>List the versions of a template.</summary>
    /// <remarks>Oldest first.</remarks>
    /// <param name="template">The id.</param>
    /// <param name="after_id">Only those after this version.</param>
    /// <param name="include_archived">Also those that are archived.</param>
    /// <param name="limit">At most so many; 0 or left out: all.</param>
    /// <param name="offset">How many to pass over.</param>
    /// <response code="200">The versions.</response>
    /// <response code="400">A parameter can not be read, or this is no id.</response>
    /// <response code="404">There is no such template, or you may not see it.</response>
    [HttpGet("{template}/versions")]
    [ProducesResponseType<TemplateVersionJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Versions(
        [DocumentedAs(typeof(Guid))] string template,
        [FromQuery, DocumentedAs(typeof(Guid))] string? after_id,
        [FromQuery, DocumentedAs(typeof(bool))] string? include_archived,
        [FromQuery, DocumentedAs(typeof(int))] string? limit,
        [FromQuery, DocumentedAs(typeof(int))] string? offset)
    {
        var query = new QueryReader(Request.Query);
        var includeArchived = query.Flag(nameof(include_archived));
        return SendAsync(
            query.Finish(query.Page()),
            page => new ListVersions(Actor, template, includeArchived, page),
            found => Ok(found.Select(TemplateVersionJson.From).ToArray()));
    }

    /// <summary>Get a version of a template by its name.</summary>
    /// <param name="template">The id.</param>
    /// <param name="templateversionname">Compared exactly.</param>
    /// <response code="200">The version.</response>
    /// <response code="400">This is no id.</response>
    /// <response code="404">There is no such template or version, or you may not see it.</response>
    [HttpGet("{template}/versions/{templateversionname}")]
    [ProducesResponseType<TemplateVersionJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Version([DocumentedAs(typeof(Guid))] string template, string templateversionname) =>
        SendAsync(new GetVersionByName(Actor, template, templateversionname), found => Ok(TemplateVersionJson.From(found)));

    /// <summary>Get how many people use a template.</summary>
    /// <remarks>
    /// Those who connected to a workspace of it, on each of the last thirty days and as far as the connection log goes back.
    /// </remarks>
    /// <param name="template">The id.</param>
    /// <param name="tz_offset">By how many hours your days begin later than those of UTC: -23 to 23; 0 unless given.</param>
    /// <response code="200">The days, today last.</response>
    /// <response code="400">This is no id, or the offset can not be read.</response>
    /// <response code="404">There is no such template, or you may not see it.</response>
    [HttpGet("{template}/daus")]
    [ProducesResponseType<DausResponseJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Daus(
        [DocumentedAs(typeof(Guid))] string template, [FromQuery, DocumentedAs(typeof(int))] string? tz_offset)
    {
        var query = new QueryReader(Request.Query);
        var offset = query.Text(nameof(tz_offset)) is null ? 0 : query.Required(nameof(tz_offset), -23, 23);
        return SendAsync(
            query.Finish(offset), hours => new GetTemplateDaus(Actor, template, hours), found => Ok(DausResponseJson.From(found)));
    }

    /// <summary>Archive the versions of a template that nothing uses.</summary>
    /// <remarks>The active version, the latest versions of workspaces, and versions whose import has not ended stay.</remarks>
    /// <param name="template">The id.</param>
    /// <param name="body">Which of them; those whose import failed when it says nothing.</param>
    /// <response code="200">What was archived.</response>
    /// <response code="400">This is no id.</response>
    /// <response code="403">You may not change this template.</response>
    /// <response code="404">There is no such template, or you may not see it.</response>
    [HttpPost("{template}/versions/archive")]
    [ProducesResponseType<ArchiveVersionsResponseJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> ArchiveVersions(
        [DocumentedAs(typeof(Guid))] string template, [FromBody] ArchiveVersionsRequestJson body) => SendAsync(
        new ArchiveUnusedVersions(Actor, template, body.All ?? false),
        archived => Ok(new ArchiveVersionsResponseJson(archived.Template, archived.Versions)));

    /// <summary>List the templates to begin with.</summary>
    /// <remarks>They come with the server; a version is made of one by its id.</remarks>
    /// <response code="200">From the simplest to the richest.</response>
    [HttpGet("examples")]
    [ProducesResponseType<TemplateExampleJson[]>(StatusCodes.Status200OK)]
    public Task<IActionResult> Examples() =>
        SendAsync(new ListTemplateExamples(Actor, null), found => Ok(found.Select(TemplateExampleJson.From).ToArray()));
}
