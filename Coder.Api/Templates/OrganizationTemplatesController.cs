using Coder.Api.Http;
using Coder.Application.Templates;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Templates;

/// <summary>Templates of one organization.</summary>
[Route("api/v2/organizations/{organization}/templates")]
[Tags("Templates")]
internal sealed class OrganizationTemplatesController(ISender sender) : CoderController(sender)
{
    /// <summary>List templates of an organization.</summary>
    /// <remarks>Those that you may see, ordered by name.</remarks>
    /// <param name="organization">An id, a name, or <c>default</c>.</param>
    /// <param name="q">A search, as for the templates of all organizations.</param>
    /// <response code="200">The templates.</response>
    /// <response code="400">The search can not be read.</response>
    /// <response code="404">There is no such organization, or you may not see it.</response>
    [HttpGet]
    [ProducesResponseType<TemplateJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> List(string organization, [FromQuery] string? q) =>
        SendAsync(new ListTemplates(Actor, organization, q ?? ""), found => Ok(found.Select(TemplateJson.From).ToArray()));

    /// <summary>Create a template.</summary>
    /// <remarks>
    /// Everybody in the organization may use it from then on, unless that is switched off. What the license does not give is passed over.
    /// </remarks>
    /// <param name="organization">An id, a name, or <c>default</c>.</param>
    /// <param name="body">What the template is to be like.</param>
    /// <response code="201">The template was made.</response>
    /// <response code="400">A field breaks its rules, or the version is archived or belongs to a template.</response>
    /// <response code="403">You may not make templates here.</response>
    /// <response code="404">There is no such organization that you may see, or no such version in it.</response>
    /// <response code="409">The organization has a template of this name.</response>
    [HttpPost]
    [ProducesResponseType<TemplateJson>(StatusCodes.Status201Created)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> Create(string organization, [FromBody] CreateTemplateRequestJson body) =>
        SendAsync(new CreateTemplate(Actor, organization, body.ToTemplate()), created => Created(TemplateJson.From(created)));

    /// <summary>Get a template of an organization by its name.</summary>
    /// <param name="organization">An id, a name, or <c>default</c>.</param>
    /// <param name="templatename">Without regard to case.</param>
    /// <response code="200">The template.</response>
    /// <response code="404">There is no such organization or template, or you may not see it.</response>
    [HttpGet("{templatename}")]
    [ProducesResponseType<TemplateJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Get(string organization, string templatename) =>
        SendAsync(new GetTemplateByName(Actor, organization, templatename), found => Ok(TemplateJson.From(found)));

    /// <summary>List the templates to begin with.</summary>
    /// <param name="organization">An id, a name, or <c>default</c>.</param>
    /// <response code="200">The same for every organization.</response>
    /// <response code="404">There is no such organization, or you may not see it.</response>
    [HttpGet("examples")]
    [ProducesResponseType<TemplateExampleJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Examples(string organization) =>
        SendAsync(new ListTemplateExamples(Actor, organization), found => Ok(found.Select(TemplateExampleJson.From).ToArray()));

    /// <summary>Get a version by its name and that of its template.</summary>
    /// <param name="organization">An id, a name, or <c>default</c>.</param>
    /// <param name="templatename">Without regard to case.</param>
    /// <param name="templateversionname">Compared exactly.</param>
    /// <response code="200">The version.</response>
    /// <response code="404">There is no such organization, template or version, or you may not see it.</response>
    [HttpGet("{templatename}/versions/{templateversionname}")]
    [ProducesResponseType<TemplateVersionJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Version(string organization, string templatename, string templateversionname) => SendAsync(
        new GetOrganizationVersion(Actor, organization, templatename, templateversionname, false),
        found => Ok(TemplateVersionJson.From(found)));

    /// <summary>Get the version that was made before another one.</summary>
    /// <param name="organization">An id, a name, or <c>default</c>.</param>
    /// <param name="templatename">Without regard to case.</param>
    /// <param name="templateversionname">The name of the later version, compared exactly.</param>
    /// <response code="200">The version before.</response>
    /// <response code="404">There is nothing of that name, you may not see it, or it is the first version.</response>
    [HttpGet("{templatename}/versions/{templateversionname}/previous")]
    [ProducesResponseType<TemplateVersionJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> PreviousVersion(string organization, string templatename, string templateversionname) => SendAsync(
        new GetOrganizationVersion(Actor, organization, templatename, templateversionname, true),
        found => Ok(TemplateVersionJson.From(found)));
}
