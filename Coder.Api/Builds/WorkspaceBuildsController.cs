using Coder.Api.Http;
using Coder.Api.Provisioning;
using Coder.Api.Swagger;
using Coder.Api.Workspaces;
using Coder.Application.Builds;
using Coder.Domain.Builds;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Builds;

/// <summary>Single builds.</summary>
[Route("api/v2/workspacebuilds/{workspacebuild}")]
[Tags("Builds")]
internal sealed class WorkspaceBuildsController(ISender sender, BuildPresenter presenter, BuildLogs logs) : CoderController(sender)
{
    private const string StateType = "application/octet-stream";

    /// <summary>Get a build.</summary>
    /// <param name="workspacebuild">The id of the build.</param>
    /// <response code="200">The build, also when its workspace was deleted.</response>
    /// <response code="400">The id is no UUID.</response>
    /// <response code="404">There is no such build.</response>
    [HttpGet]
    [ProducesResponseType<WorkspaceBuildJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Get([DocumentedAs(typeof(Guid))] string workspacebuild) =>
        SendAsync(new GetBuild(Actor, workspacebuild), build => Ok(presenter.Show(build)));

    /// <summary>Cancel a build.</summary>
    /// <remarks>
    /// A build that waits is never carried out; one that runs ends as soon as its daemon can stop it. With <c>expect_status</c> nothing is
    /// done to a build that has gone on meanwhile, and a build that waits can be taken back whatever its template says.
    /// </remarks>
    /// <param name="workspacebuild">The id of the build.</param>
    /// <param name="expectStatus">Only cancel a build whose job has this status.</param>
    /// <response code="200">The build is canceled, or will be.</response>
    /// <response code="400">The id is no UUID, the expected status is none, or the build has ended or is canceled already.</response>
    /// <response code="403">You may not cancel builds of this workspace.</response>
    /// <response code="404">There is no such build.</response>
    /// <response code="412">The job has another status; the detail says which.</response>
    [HttpPatch("cancel")]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status412PreconditionFailed)]
    public Task<IActionResult> Cancel(
        [DocumentedAs(typeof(Guid))] string workspacebuild,
        [FromQuery(Name = "expect_status"), DocumentedTexts("running", "pending")] string? expectStatus) =>
        SendAsync(new CancelBuild(Actor, workspacebuild, expectStatus), _ => Message(CancelDecision.Done));

    /// <summary>Read or follow the log of a build.</summary>
    /// <remarks>
    /// With <c>follow</c> the request must open a WebSocket, which carries one line a message until the build has ended.
    /// </remarks>
    /// <param name="workspacebuild">The id of the build.</param>
    /// <param name="after">Only lines with greater ids.</param>
    /// <param name="before">Only lines with smaller ids; not together with follow.</param>
    /// <param name="follow">Whether lines are sent as they come.</param>
    /// <response code="200">The lines in their order. A request that follows is answered with 101.</response>
    /// <response code="400">The id is no UUID, a parameter can not be read, or a request that follows asks for no WebSocket.</response>
    /// <response code="403">The page that follows is not one of this deployment.</response>
    /// <response code="404">There is no such build.</response>
    [HttpGet("logs")]
    [ProducesResponseType<ProvisionerJobLogJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public async Task<IActionResult> Logs(
        [DocumentedAs(typeof(Guid))] string workspacebuild,
        [FromQuery(Name = "after"), DocumentedAs(typeof(int))] string? after,
        [FromQuery(Name = "before"), DocumentedAs(typeof(int))] string? before,
        [FromQuery(Name = "follow"), DocumentedAs(typeof(bool))] string? follow)
    {
        Guid? job = null;
        var refused = await SendAsync(
            new FindBuildLog(Actor, workspacebuild),
            found =>
            {
                job = found;
                return new EmptyResult();
            });
        return job is { } id ? await logs.RunAsync(HttpContext, id) : refused;
    }

    /// <summary>List the parameter values of a build.</summary>
    /// <param name="workspacebuild">The id of the build.</param>
    /// <response code="200">The values, by name.</response>
    /// <response code="400">The id is no UUID.</response>
    /// <response code="404">There is no such build.</response>
    [HttpGet("parameters")]
    [ProducesResponseType<WorkspaceBuildParameterJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Parameters([DocumentedAs(typeof(Guid))] string workspacebuild) => SendAsync(
        new ListBuildParameters(Actor, workspacebuild),
        values => Ok(values.Select(value => new WorkspaceBuildParameterJson(value.Name, value.Value)).ToArray()));

    /// <summary>List the resources of a build.</summary>
    /// <remarks>The build itself has them too.</remarks>
    /// <param name="workspacebuild">The id of the build.</param>
    /// <response code="200">The resources with their agents; none while the build goes on.</response>
    /// <response code="400">The id is no UUID.</response>
    /// <response code="404">There is no such build.</response>
    [HttpGet("resources")]
    [ProducesResponseType<WorkspaceResourceJson[]>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Resources([DocumentedAs(typeof(Guid))] string workspacebuild) =>
        SendAsync(new GetBuild(Actor, workspacebuild), build => Ok(presenter.Show(build).Resources));

    /// <summary>Get what the provisioner left with a build.</summary>
    /// <remarks>For those who may change the template: it may hold secrets.</remarks>
    /// <param name="workspacebuild">The id of the build.</param>
    /// <response code="200">The bytes; none when there is no state.</response>
    /// <response code="400">The id is no UUID.</response>
    /// <response code="403">You may not change the template.</response>
    /// <response code="404">There is no such build.</response>
    [HttpGet("state")]
    [AnswersBytes(StateType)]
    [ProducesResponseType(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> State([DocumentedAs(typeof(Guid))] string workspacebuild) =>
        SendAsync(new GetBuildState(Actor, workspacebuild), state => File(state.ToArray(), StateType));

    /// <summary>Replace what the provisioner left with a build.</summary>
    /// <remarks>Nothing is built; the next build begins with it.</remarks>
    /// <param name="workspacebuild">The id of the build.</param>
    /// <param name="body">The state.</param>
    /// <response code="204">It was replaced; the body is empty.</response>
    /// <response code="400">The id is no UUID, or the body can not be read.</response>
    /// <response code="403">You may not change the template.</response>
    /// <response code="404">There is no such build.</response>
    /// <response code="409">The build has not ended.</response>
    [HttpPut("state")]
    [RequestSizeLimit(BodyLimits.State)]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> SetState(
        [DocumentedAs(typeof(Guid))] string workspacebuild, [FromBody] UpdateWorkspaceBuildStateRequestJson body) =>
        SendAsync(new SetBuildState(Actor, workspacebuild, body.State ?? []), _ => NoContent());

    /// <summary>Get the timings of a build.</summary>
    /// <param name="workspacebuild">The id of the build.</param>
    /// <response code="200">What was reported; lists are empty otherwise.</response>
    /// <response code="400">The id is no UUID.</response>
    /// <response code="404">There is no such build.</response>
    [HttpGet("timings")]
    [ProducesResponseType<WorkspaceBuildTimingsJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Timings([DocumentedAs(typeof(Guid))] string workspacebuild) =>
        SendAsync(new GetBuildTimings(Actor, workspacebuild), timings => Ok(WorkspaceBuildTimingsJson.From(timings)));
}
