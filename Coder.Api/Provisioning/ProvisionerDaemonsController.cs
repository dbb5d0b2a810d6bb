using Coder.Api.Authentication;
using Coder.Api.Http;
using Coder.Api.Swagger;
using Coder.Application.Files;
using Coder.Application.Provisioning;
using Coder.Domain.Provisioning;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Provisioning;

/// <summary>The API of provisioner daemons. Each call is also a sign of life of the daemon.</summary>
[Route("api/v2/provisionerdaemons/{daemon}")]
[Tags("Provisioning")]
[DaemonAuthentication]
internal sealed class ProvisionerDaemonsController(ISender sender) : CoderController(sender)
{
    private const int UsualWait = 5000;

    private DaemonCaller Caller => HttpContext.Features.Get<DaemonCaller>() ?? throw new InvalidOperationException("There is no caller.");

    /// <summary>Say that a daemon is there.</summary>
    /// <remarks>At least every 60 seconds; after 90 seconds of silence it counts as offline.</remarks>
    /// <param name="daemon">The daemon.</param>
    /// <response code="204">Noted; the body is empty.</response>
    /// <response code="400">The id is no UUID.</response>
    /// <response code="404">There is no such daemon, or you may not drive it.</response>
    [HttpPost("heartbeat")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Beat([DocumentedAs(typeof(Guid))] string daemon) => SendAsync(new BeatDaemon(Caller, daemon), _ => NoContent());

    /// <summary>Get a job.</summary>
    /// <remarks>
    /// Waits for one if there is none. Who disconnects before the answer gets none. With a <c>request_id</c> a lost answer costs nothing:
    /// the same request again gets the same job until that has ended; then it waits for another one.
    /// </remarks>
    /// <param name="daemon">The daemon.</param>
    /// <param name="body">How long to wait.</param>
    /// <response code="200">The job.</response>
    /// <response code="204">None came in time; the body is empty.</response>
    /// <response code="400">The time to wait is out of its limits, or the id is no UUID.</response>
    /// <response code="404">There is no such daemon, or you may not drive it.</response>
    [HttpPost("acquire")]
    [ProducesResponseType<AcquiredJobJson>(StatusCodes.Status200OK)]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> Acquire([DocumentedAs(typeof(Guid))] string daemon, [FromBody] AcquireJobRequestJson body) => SendAsync(
        new AcquireJob(Caller, daemon, TimeSpan.FromMilliseconds(body.WaitMs ?? UsualWait), body.RequestId is { } id && id != Guid.Empty ? id : null),
        acquired => acquired.Assignment is { } assignment ? Ok(AcquiredJobJson.From(assignment)) : NoContent());

    /// <summary>Download the archive of a job.</summary>
    /// <param name="daemon">The daemon.</param>
    /// <param name="job">A job that it works on.</param>
    /// <response code="200">The bytes.</response>
    /// <response code="400">An id is no UUID.</response>
    /// <response code="403">Another daemon works on the job.</response>
    /// <response code="404">There is no such daemon or job, or you may not drive the daemon.</response>
    /// <response code="409">The job has not begun, or has ended.</response>
    [HttpGet("jobs/{job}/archive")]
    [AnswersBytes(FileTypes.Tar)]
    [ProducesResponseType(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> Archive([DocumentedAs(typeof(Guid))] string daemon, [DocumentedAs(typeof(Guid))] string job) => SendAsync(
        new GetJobArchive(Caller, daemon, job),
        file =>
        {
            Response.ContentLength = file.Size;
            return File(file.Content, file.MimeType);
        });

    /// <summary>Tell how a job goes on.</summary>
    /// <remarks>
    /// Call it at least every 30 seconds, if only to hear whether the job was canceled. Stop the job after three minutes without a
    /// successful call: after five minutes of silence the server ends it.
    /// </remarks>
    /// <param name="daemon">The daemon.</param>
    /// <param name="job">A job that it works on.</param>
    /// <param name="body">New log lines.</param>
    /// <response code="200">Noted; says whether to stop.</response>
    /// <response code="400">A line can not be read, or an id is no UUID.</response>
    /// <response code="403">Another daemon works on the job.</response>
    /// <response code="404">There is no such daemon or job, or you may not drive the daemon.</response>
    /// <response code="409">The job has not begun, or has ended.</response>
    [HttpPatch("jobs/{job}")]
    [ProducesResponseType<UpdateJobResponseJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> Update(
        [DocumentedAs(typeof(Guid))] string daemon, [DocumentedAs(typeof(Guid))] string job, [FromBody] UpdateJobRequestJson body) => SendAsync(
        new UpdateJob(
            Caller,
            daemon,
            job,
            [.. (body.Logs ?? []).OfType<ProvisionerLogLineJson>().Select(
                l => new WrittenLine(l.CreatedAt, l.Source, l.Level, l.Stage ?? "", l.Output ?? ""))],
            body.Readme),
        progress => Ok(new UpdateJobResponseJson(progress.IsCanceled, progress.Status.WireName())));

    /// <summary>Hand in the result of a job.</summary>
    /// <remarks>A job that was canceled meanwhile becomes canceled, and what was done is stored all the same.</remarks>
    /// <param name="daemon">The daemon.</param>
    /// <param name="job">A job that it works on.</param>
    /// <param name="body">The result, in the form of a manifest.</param>
    /// <response code="200">The job has ended.</response>
    /// <response code="400">The result breaks the rules of manifests and the job goes on, or an id is no UUID.</response>
    /// <response code="403">Another daemon works on the job.</response>
    /// <response code="404">There is no such daemon or job, or you may not drive the daemon.</response>
    /// <response code="409">The job has not begun, or has ended.</response>
    [HttpPost("jobs/{job}/complete")]
    [RequestSizeLimit(BodyLimits.State)]
    [ProducesResponseType<CompleteJobResponseJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> Complete(
        [DocumentedAs(typeof(Guid))] string daemon, [DocumentedAs(typeof(Guid))] string job, [FromBody] CompleteJobRequestJson body) =>
        SendAsync(new CompleteJob(Caller, daemon, job, body.ToResult()), done => Ok(CompleteJobResponseJson.From(done)));

    /// <summary>Say that a job failed.</summary>
    /// <remarks>It has failed then, canceled or not.</remarks>
    /// <param name="daemon">The daemon.</param>
    /// <param name="job">A job that it works on.</param>
    /// <param name="body">Why.</param>
    /// <response code="200">The job has ended.</response>
    /// <response code="400">There is no error, the state is no base64, the variables break the rules, or an id is no UUID.</response>
    /// <response code="403">Another daemon works on the job.</response>
    /// <response code="404">There is no such daemon or job, or you may not drive the daemon.</response>
    /// <response code="409">The job has not begun, or has ended.</response>
    [HttpPost("jobs/{job}/fail")]
    [RequestSizeLimit(BodyLimits.State)]
    [ProducesResponseType<EndedJobResponseJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> Fail(
        [DocumentedAs(typeof(Guid))] string daemon, [DocumentedAs(typeof(Guid))] string job, [FromBody] FailJobRequestJson body) => SendAsync(
        new FailJob(Caller, daemon, job, body.Error ?? "", body.ErrorCode, body.State, body.Variables),
        ended => Ok(new EndedJobResponseJson(ProvisionerJobJson.From(ended))));

    /// <summary>Acknowledge that a job was canceled.</summary>
    /// <param name="daemon">The daemon.</param>
    /// <param name="job">A job that it worked on.</param>
    /// <param name="body">What is known of the workspace.</param>
    /// <response code="200">The job has ended and is canceled.</response>
    /// <response code="400">The state is no base64, or an id is no UUID.</response>
    /// <response code="403">Another daemon works on the job.</response>
    /// <response code="404">There is no such daemon or job, or you may not drive the daemon.</response>
    /// <response code="409">Nobody has canceled the job, or it has not begun, or has ended.</response>
    [HttpPost("jobs/{job}/canceled")]
    [RequestSizeLimit(BodyLimits.State)]
    [ProducesResponseType<EndedJobResponseJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> Canceled(
        [DocumentedAs(typeof(Guid))] string daemon, [DocumentedAs(typeof(Guid))] string job, [FromBody] CanceledJobRequestJson body) => SendAsync(
        new AcknowledgeCancel(Caller, daemon, job, body.State),
        ended => Ok(new EndedJobResponseJson(ProvisionerJobJson.From(ended))));
}
