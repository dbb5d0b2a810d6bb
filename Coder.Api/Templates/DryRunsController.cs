using Coder.Api.Http;
using Coder.Api.Provisioning;
using Coder.Api.Swagger;
using Coder.Api.Workspaces;
using Coder.Application.Templates;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Templates;

/// <summary>Trials of template versions: what a workspace would have, without making one.</summary>
[Route("api/v2/templateversions/{templateversion}/dry-run")]
[Tags("Templates")]
internal sealed class DryRunsController(ISender sender) : CoderController(sender)
{
    private const string OneRun = "{jobID}";

    /// <summary>Try a version.</summary>
    /// <remarks>A job like that of a start, which leaves nothing but the resources that it would make.</remarks>
    /// <param name="templateversion">The id.</param>
    /// <param name="body">The values to try it with.</param>
    /// <response code="201">The job, which waits for a daemon.</response>
    /// <response code="400">A value breaks its rules, the import failed, or this is no id.</response>
    /// <response code="403">You could not make a workspace of it.</response>
    /// <response code="404">There is no such version, or you may not see it.</response>
    /// <response code="425">The import has not ended; try again.</response>
    [HttpPost]
    [ProducesResponseType<ProvisionerJobJson>(StatusCodes.Status201Created)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(425)]
    public Task<IActionResult> Create(
        [DocumentedAs(typeof(Guid))] string templateversion, [FromBody] CreateTemplateVersionDryRunRequestJson body) => SendAsync(
        new CreateDryRun(Actor, templateversion, body.ToFields()), job => Created(ProvisionerJobJson.From(job)));

    /// <summary>Get a trial.</summary>
    /// <param name="templateversion">The id.</param>
    /// <param name="jobID">The job.</param>
    /// <response code="200">The job.</response>
    /// <response code="400">This is no id.</response>
    /// <response code="404">There is no such version or trial, or you may not see it.</response>
    [HttpGet(OneRun)]
    [ProducesResponseType<ProvisionerJobJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Get([DocumentedAs(typeof(Guid))] string templateversion, [DocumentedAs(typeof(Guid))] string jobID) =>
        SendAsync(new GetDryRun(Actor, templateversion, jobID), job => Ok(ProvisionerJobJson.From(job)));

    /// <summary>Get the daemons that could carry a trial out.</summary>
    /// <param name="templateversion">The id.</param>
    /// <param name="jobID">The job.</param>
    /// <response code="200">How many there are, and how many of them were seen lately.</response>
    /// <response code="400">This is no id.</response>
    /// <response code="404">There is no such version or trial, or you may not see it.</response>
    [HttpGet(OneRun + "/matched-provisioners")]
    [ProducesResponseType<MatchedProvisionersJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> MatchedProvisioners(
        [DocumentedAs(typeof(Guid))] string templateversion, [DocumentedAs(typeof(Guid))] string jobID) =>
        SendAsync(new GetDryRun(Actor, templateversion, jobID), job => Ok(MatchedProvisionersJson.From(job.Matched)));

    /// <summary>Get what a workspace would have.</summary>
    /// <param name="templateversion">The id.</param>
    /// <param name="jobID">The job.</param>
    /// <response code="200">The resources with their agents; none until the trial has ended.</response>
    /// <response code="400">This is no id.</response>
    /// <response code="404">There is no such version or trial, or you may not see it.</response>
    [HttpGet(OneRun + "/resources")]
    [ProducesResponseType<WorkspaceResourceJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Resources([DocumentedAs(typeof(Guid))] string templateversion, [DocumentedAs(typeof(Guid))] string jobID) =>
        SendAsync(
            new GetDryRunResources(Actor, templateversion, jobID),
            found => Ok(found.Resources.Select(r => WorkspaceResourceJson.From(r, new ResourceContext(found.At))).ToArray()));

    /// <summary>Read the log of a trial.</summary>
    /// <remarks>With <c>follow</c> it is a WebSocket with one line a message, which ends with the trial.</remarks>
    /// <param name="templateversion">The id.</param>
    /// <param name="jobID">The job.</param>
    /// <param name="before">Only lines with smaller ids; not together with <c>follow</c>.</param>
    /// <param name="after">Only lines with greater ids.</param>
    /// <param name="follow">Whether lines are sent as they come.</param>
    /// <response code="200">The lines, by id.</response>
    /// <response code="400">A parameter can not be read, or this is no id.</response>
    /// <response code="404">There is no such version or trial, or you may not see it.</response>
    [HttpGet(OneRun + "/logs")]
    [ProducesResponseType<ProvisionerJobLogJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Logs(
        [DocumentedAs(typeof(Guid))] string templateversion,
        [DocumentedAs(typeof(Guid))] string jobID,
        [FromQuery, DocumentedAs(typeof(int))] string? before,
        [FromQuery, DocumentedAs(typeof(int))] string? after,
        [FromQuery, DocumentedAs(typeof(bool))] string? follow) =>
        SendAsync(new GetDryRun(Actor, templateversion, jobID), job => new JobLogsResult(job.Id));

    /// <summary>Cancel a trial.</summary>
    /// <param name="templateversion">The id.</param>
    /// <param name="jobID">The job.</param>
    /// <response code="200">It ends as soon as its daemon has heard of it, at once if there is none.</response>
    /// <response code="400">It has ended or was canceled already, or this is no id.</response>
    /// <response code="403">You may not cancel it.</response>
    /// <response code="404">There is no such version or trial, or you may not see it.</response>
    [HttpPatch(OneRun + "/cancel")]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Cancel([DocumentedAs(typeof(Guid))] string templateversion, [DocumentedAs(typeof(Guid))] string jobID) =>
        SendAsync(new CancelDryRun(Actor, templateversion, jobID), _ => Message("Job has been marked as canceled..."));
}
