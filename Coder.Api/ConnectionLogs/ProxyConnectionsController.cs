using Coder.Api.Authentication;
using Coder.Api.Http;
using Coder.Api.RateLimiting;
using Coder.Application.ConnectionLogs;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.ConnectionLogs;

/// <summary>What workspace proxies report of apps and ports.</summary>
[Route("api/v2/workspaceproxies/me/connections")]
[Tags("Connection log")]
[ProxyAuthentication]
internal sealed class ProxyConnectionsController(ISender sender) : CoderController(sender)
{
    /// <summary>Report that apps or ports were opened.</summary>
    /// <remarks>
    /// For workspace proxies, with their token in Coder-External-Proxy-Token; a session is refused. Openings of one session, which lasts until
    /// an hour without any, make one row. What is answered with 200 is committed, also what is not counted because another request of the
    /// same session has recorded it, or dropped while there is no license for the log. A proxy keeps a report that was answered with 429 or
    /// 503, or not at all, and sends it again: a report that arrives twice makes one row. A proxy may send 60,000 requests a minute; user
    /// agents are cut to 1,024 characters, slugs to 256.
    /// </remarks>
    /// <param name="body">One report or a list of them.</param>
    /// <response code="200">The number of rows: 0 when all sessions were known, or while there is no license for the log.</response>
    /// <response code="400">A field breaks its rules; nothing is stored.</response>
    /// <response code="404">An agent does not exist; nothing is stored.</response>
    /// <response code="413">The body is longer than 4 MiB.</response>
    /// <response code="429">Too many requests of the proxy within a minute; keep the reports and send them again after Retry-After.</response>
    /// <response code="503">Too many reports wait, or the database is away; keep the reports and send them again after Retry-After.</response>
    [HttpPost]
    [RequestSizeLimit(ConnectionReports.MaximumBody)]
    [RateLimit(ConnectionReports.PerProxy, IsForKnownCallers = true)]
    [ProducesResponseType<ProxyConnectionResponseJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status413PayloadTooLarge)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status429TooManyRequests)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status503ServiceUnavailable)]
    public Task<IActionResult> Report([FromBody] ProxyConnectionReportJson body)
    {
        var (reports, isList) = body.ToInput();
        return SendAsync(new ReportWebConnections(reports, isList), recorded => Ok(new ProxyConnectionResponseJson(recorded)));
    }
}
