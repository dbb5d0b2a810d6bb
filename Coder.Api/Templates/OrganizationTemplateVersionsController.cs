using Coder.Api.Http;
using Coder.Application.Templates;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Templates;

/// <summary>New versions of templates.</summary>
[Route("api/v2/organizations/{organization}/templateversions")]
[Tags("Templates")]
internal sealed class OrganizationTemplateVersionsController(ISender sender) : CoderController(sender)
{
    /// <summary>Create a version.</summary>
    /// <remarks>Its import waits in the queue then. A version without a template is what a new template is made of.</remarks>
    /// <param name="organization">An id, a name, or <c>default</c>.</param>
    /// <param name="body">What it is made of.</param>
    /// <response code="201">The version was made.</response>
    /// <response code="400">A field breaks its rules, or it names an archive and an example.</response>
    /// <response code="403">You may not make templates here, or not change this one.</response>
    /// <response code="404">There is no such organization, template, file or example, or you may not see it.</response>
    /// <response code="409">The template has a version of this name.</response>
    [HttpPost]
    [ProducesResponseType<TemplateVersionJson>(StatusCodes.Status201Created)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> Create(string organization, [FromBody] CreateTemplateVersionRequestJson body) =>
        SendAsync(new CreateVersion(Actor, organization, body.ToVersion()), created => Created(TemplateVersionJson.From(created)));
}
