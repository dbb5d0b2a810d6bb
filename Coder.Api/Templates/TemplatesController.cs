using Coder.Api.Http;
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
    public Task<IActionResult> Get(string template) => SendAsync(new GetTemplate(Actor, template), found => Ok(TemplateJson.From(found)));

    /// <summary>Change a template.</summary>
    /// <remarks>
    /// A new schedule changes the workspaces of people that exist already, never prebuilt ones. What the license does not give is passed
    /// over.
    /// </remarks>
    /// <param name="template">The id.</param>
    /// <param name="body">What the template is to be like.</param>
    /// <response code="200">The template as it is now.</response>
    /// <response code="304">It was like that before.</response>
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
    public Task<IActionResult> Update(string template, [FromBody] UpdateTemplateRequestJson body) => SendAsync(
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
    public Task<IActionResult> Delete(string template) =>
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
    public Task<IActionResult> Promote(string template, [FromBody] PromoteVersionRequestJson body) => SendAsync(
        new PromoteVersion(Actor, template, body.Id ?? Guid.Empty), _ => Message("Updated the active template version!"));
}
