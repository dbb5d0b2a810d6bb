using Coder.Api.Authentication;
using Coder.Api.Http;
using Coder.Application.Workspaces;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.Workspaces;

/// <summary>What agents report of themselves. Each call is a sign of life, too.</summary>
[Route("api/v2/workspaceagents/me")]
[Tags("Agents")]
[AgentAuthentication]
internal sealed class AgentReportsController(ISender sender) : CoderController(sender)
{
    private AgentSession Agent => HttpContext.Features.Get<AgentSession>() ?? throw new InvalidOperationException("There is no agent.");

    /// <summary>Report the lifecycle state.</summary>
    /// <remarks>
    /// For agents, with the token of the agent in Coder-Session-Token. The first call of an agent marks it as connected. It stays so for 30
    /// seconds after its last call, so an agent repeats its state every ten seconds or so.
    /// </remarks>
    /// <param name="body">The state.</param>
    /// <response code="204">The state is stored; the body is empty.</response>
    /// <response code="400">There is no such state.</response>
    [HttpPost("report-lifecycle")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    public Task<IActionResult> ReportLifecycle([FromBody] ReportLifecycleRequestJson body) =>
        SendAsync(new ReportAgentLifecycle(Agent, body.State ?? "", body.ChangedAt), _ => NoContent());

    /// <summary>Add lines to the log.</summary>
    /// <remarks>For agents. The log of an agent holds 1 MiB.</remarks>
    /// <param name="body">The lines.</param>
    /// <response code="200">The lines are stored.</response>
    /// <response code="400">There are no lines, or a level is unknown.</response>
    /// <response code="413">The lines do not fit any more; none of them is stored, and none will be.</response>
    [HttpPatch("logs")]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status413PayloadTooLarge)]
    public Task<IActionResult> AddLogs([FromBody] PatchLogsJson body) => SendAsync(
        new AddAgentLogs(Agent, body.LogSourceId ?? "", [.. (body.Logs ?? []).Select(LogJson.ToLog)]),
        _ => Message("The lines are stored."));

    /// <summary>Add a log source.</summary>
    /// <remarks>For agents. The same id again changes nothing.</remarks>
    /// <param name="body">The source.</param>
    /// <response code="201">The source as it is stored.</response>
    /// <response code="400">The id is no UUID, or the name is too long.</response>
    [HttpPost("log-source")]
    [ProducesResponseType<WorkspaceAgentLogSourceJson>(StatusCodes.Status201Created)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    public Task<IActionResult> AddLogSource([FromBody] PostLogSourceRequestJson body) => SendAsync(
        new AddAgentLogSource(Agent, body.Id ?? "", body.DisplayName ?? "", body.Icon ?? ""),
        source => Created(WorkspaceAgentLogSourceJson.From(source)));

    /// <summary>Report what an app does.</summary>
    /// <remarks>For agents.</remarks>
    /// <param name="body">What it does.</param>
    /// <response code="200">It is stored.</response>
    /// <response code="400">There is no such app or state, or the message is too long.</response>
    [HttpPatch("app-status")]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    public Task<IActionResult> SetAppStatus([FromBody] PatchAppStatusJson body) => SendAsync(
        new SetAppStatus(Agent, body.AppSlug ?? "", body.State ?? "", body.Message ?? "", body.Uri ?? ""),
        _ => Message("The status is stored."));
}
