using Coder.Api.Authentication;
using Coder.Api.Http;
using Coder.Api.RateLimiting;
using Coder.Application.ConnectionLogs;
using Coder.Application.Workspaces;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.ConnectionLogs;

/// <summary>What agents report of sessions.</summary>
[Route("api/v2/workspaceagents/me/connections")]
[Tags("Connection log")]
[AgentAuthentication]
internal sealed class AgentConnectionsController(ISender sender) : CoderController(sender)
{
    /// <summary>Report that sessions began or ended.</summary>
    /// <remarks>
    /// For agents, with the token of the agent in Coder-Session-Token; a session is refused. What is answered with 204 is committed, or dropped
    /// while there is no license for the log. An agent keeps a report that was answered with 429 or 503, or not at all, and sends it again: a
    /// report that arrives twice changes nothing. An agent may send 6,000 requests a minute; reasons are cut to 1,024 characters.
    /// </remarks>
    /// <param name="body">One report or a list of them.</param>
    /// <response code="204">All reports are stored; the body is empty.</response>
    /// <response code="400">A field breaks its rules; nothing is stored.</response>
    /// <response code="413">The body is longer than 4 MiB.</response>
    /// <response code="429">Too many requests of the agent within a minute; keep the reports and send them again after Retry-After.</response>
    /// <response code="503">Too many reports wait, or the database is away; keep the reports and send them again after Retry-After.</response>
    [HttpPost]
    [RequestSizeLimit(ConnectionReports.MaximumBody)]
    [RateLimit(ConnectionReports.PerAgent, IsForKnownCallers = true)]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status413PayloadTooLarge)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status429TooManyRequests)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status503ServiceUnavailable)]
    public Task<IActionResult> Report([FromBody] AgentConnectionReportJson body)
    {
        var agent = HttpContext.Features.Get<AgentSession>() ?? throw new InvalidOperationException("There is no agent.");
        var (reports, isList) = body.ToInput();
        return SendAsync(new ReportAgentConnections(agent, reports, isList), _ => NoContent());
    }
}
