using Coder.Api.Http;
using Coder.Api.Swagger;
using Coder.Application.Common;
using Coder.Application.Workspaces;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Coder.Api.Workspaces;

/// <summary>When workspaces run.</summary>
[Route("api/v2/workspaces/{workspace}")]
[Tags("Workspaces")]
internal sealed class WorkspaceSchedulesController(ISender sender, WorkspacePresenter presenter) : CoderController(sender)
{
    /// <summary>Set when a workspace is started.</summary>
    /// <param name="workspace">The id.</param>
    /// <param name="body">The schedule.</param>
    /// <response code="204">It is stored; the body is empty.</response>
    /// <response code="400">The schedule can not be read, the template allows none, or this is no id.</response>
    /// <response code="403">You may not change this workspace.</response>
    /// <response code="404">There is no such workspace, or you may not see it.</response>
    /// <response code="409">It is prebuilt.</response>
    [HttpPut("autostart")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> SetAutostart(
        [DocumentedAs(typeof(Guid))] string workspace, [FromBody] UpdateWorkspaceAutostartRequestJson body) =>
        SendAsync(new SetAutostart(Actor, workspace, body.Schedule ?? ""), _ => NoContent());

    /// <summary>Set how long a workspace runs after a start.</summary>
    /// <remarks>The deadline of a start that there was stays; without a time to live it is moved as far as the template lets it.</remarks>
    /// <param name="workspace">The id.</param>
    /// <param name="body">The time.</param>
    /// <response code="204">It is stored; the body is empty.</response>
    /// <response code="400">The time is out of its bounds, the template allows none, or this is no id.</response>
    /// <response code="403">You may not change this workspace.</response>
    /// <response code="404">There is no such workspace, or you may not see it.</response>
    /// <response code="409">It is prebuilt.</response>
    [HttpPut("ttl")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> SetTtl([DocumentedAs(typeof(Guid))] string workspace, [FromBody] UpdateWorkspaceTTLRequestJson body) =>
        SendAsync(new SetWorkspaceTtl(Actor, workspace, body.TtlMs), _ => NoContent());

    /// <summary>Give a running workspace another deadline.</summary>
    /// <remarks>A sooner one than before is as good as a later one. A refusal says between which times a deadline may lie.</remarks>
    /// <param name="workspace">The id.</param>
    /// <param name="body">The deadline.</param>
    /// <response code="200">It is stored.</response>
    /// <response code="400">The deadline is missing or out of its bounds, or this is no id.</response>
    /// <response code="403">You may not change this workspace.</response>
    /// <response code="404">There is no such workspace, or you may not see it.</response>
    /// <response code="409">It is prebuilt, does not run, or has no deadline.</response>
    [HttpPut("extend")]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> Extend(
        [DocumentedAs(typeof(Guid))] string workspace, [FromBody] PutExtendWorkspaceRequestJson body) => SendAsync(
        new ExtendWorkspace(Actor, workspace, body.Deadline), deadline => Message($"Deadline updated to {deadline.ToRfc3339()}."));

    /// <summary>Take a workspace for unused, or back into use.</summary>
    /// <remarks>One that is unused can not be started, and its template may have it deleted after a while.</remarks>
    /// <param name="workspace">The id.</param>
    /// <param name="body">Which of the two.</param>
    /// <response code="200">The workspace as it is now.</response>
    /// <response code="304">It was so already; the body is empty.</response>
    /// <response code="400">This is no id.</response>
    /// <response code="403">You may not change this workspace.</response>
    /// <response code="404">There is no such workspace, or you may not see it.</response>
    /// <response code="409">It is prebuilt.</response>
    [HttpPut("dormant")]
    [ProducesResponseType<WorkspaceJson>(StatusCodes.Status200OK)]
    [ProducesResponseType(StatusCodes.Status304NotModified)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status409Conflict)]
    public Task<IActionResult> SetDormancy(
        [DocumentedAs(typeof(Guid))] string workspace, [FromBody] UpdateWorkspaceDormancyJson body) => SendAsync(
        new SetDormancy(Actor, workspace, body.Dormant ?? false),
        change => change.Workspace is { } changed
            ? Ok(presenter.Show(changed, Actor.UserId))
            : StatusCode(StatusCodes.Status304NotModified));

    /// <summary>Say that a workspace is used.</summary>
    /// <remarks>Moves its deadline as far as its template says. The body may be left out.</remarks>
    /// <param name="workspace">The id.</param>
    /// <param name="body">What is used.</param>
    /// <response code="204">It is stored; the body is empty.</response>
    /// <response code="400">A field breaks its rules, or this is no id.</response>
    /// <response code="403">You may not change this workspace.</response>
    /// <response code="404">There is no such workspace, or you may not see it.</response>
    [HttpPost("usage")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> RecordUsage(
        [DocumentedAs(typeof(Guid))] string workspace,
        [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] PostWorkspaceUsageRequestJson? body) => SendAsync(
        new RecordWorkspaceUsage(Actor, workspace, body?.AgentId is { } agent && agent != Guid.Empty ? agent : null, body?.AppName ?? ""),
        _ => NoContent());

    /// <summary>Find out whether the schedule of a workspace would run into other parameters.</summary>
    /// <param name="workspace">The id.</param>
    /// <response code="200">Whether a newer version would be started that asks for other values.</response>
    /// <response code="400">This is no id.</response>
    /// <response code="404">There is no such workspace, or you may not see it.</response>
    [HttpGet("resolve-autostart")]
    [ProducesResponseType<ResolveAutostartResponseJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    public Task<IActionResult> ResolveAutostart([DocumentedAs(typeof(Guid))] string workspace) =>
        SendAsync(new ResolveAutostart(Actor, workspace), mismatch => Ok(new ResolveAutostartResponseJson(mismatch)));
}
