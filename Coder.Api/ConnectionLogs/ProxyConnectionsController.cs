using Coder.Api.Authentication;
using Coder.Api.Http;
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
    /// For workspace proxies, with their token in Coder-External-Proxy-Token. Openings of one session, which lasts until an hour without any,
    /// make one row. What is counted in the answer is committed.
    /// </remarks>
    /// <param name="body">One report or a list of them.</param>
    /// <response code="200">The number of rows: 0 when all sessions were known, or while there is no license for the log.</response>
    /// <response code="400">A field breaks its rules; nothing is stored.</response>
    /// <response code="404">An agent does not exist; nothing is stored.</response>
    /// <response code="503">Too many reports wait, or the database is away; Retry-After says when to try again.</response>
    [HttpPost]
    [ProducesResponseType<ProxyConnectionResponseJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status404NotFound)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status503ServiceUnavailable)]
    public Task<IActionResult> Report([FromBody] ProxyConnectionReportJson body)
    {
        var (reports, isList) = body.ToInput();
        return SendAsync(new ReportWebConnections(reports, isList), recorded => Ok(new ProxyConnectionResponseJson(recorded)));
    }
}
