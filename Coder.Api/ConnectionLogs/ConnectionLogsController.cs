using Coder.Api.Http;
using Coder.Api.Swagger;
using Coder.Application.Common;
using Coder.Application.ConnectionLogs;
using Coder.Domain.Common;
using Coder.Domain.ConnectionLogs;
using Coder.Domain.Licensing;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.ConnectionLogs;

/// <summary>Who connected to which workspace.</summary>
[Route("api/v2/connectionlog")]
[Tags("Connection log")]
internal sealed class ConnectionLogsController(ISender sender) : CoderController(sender)
{
    private const string Csv = "csv";
    private const string NdJson = "ndjson";

    /// <summary>List connections.</summary>
    /// <remarks>
    /// Newest first. Those who may not read the log of any organization get an empty list.
    ///
    /// The search takes keys with values, such as <c>type:ssh status:ongoing</c>; all of them must match. A value with a space or a colon needs
    /// double quotes, times do not. The keys:
    ///
    /// - <c>organization:coder</c>: by name, or by id.
    /// - <c>workspace_owner:ann</c>: connections to the workspaces of a user; <c>me</c> is you.
    /// - <c>workspace_owner_email:ann@example.com</c>: the same by email.
    /// - <c>type:ssh</c>: or vscode, jetbrains, reconnecting_pty, workspace_app, port_forwarding.
    /// - <c>username:ann</c>: what a user opened in a browser; <c>me</c> is you.
    /// - <c>user_email:ann@example.com</c>: the same by email.
    /// - <c>connected_after:2026-03-01T00:00:00Z</c>: began then or later.
    /// - <c>connected_before:2026-03-02T00:00:00Z</c>: began then or earlier.
    /// - <c>workspace_id:0b3a4f0e-0000-4000-8000-000000000001</c>: connections to a workspace.
    /// - <c>connection_id:0b3a4f0e-0000-4000-8000-000000000002</c>: a session.
    /// - <c>status:ongoing</c>: sessions that go on (also <c>connected</c>), or that have ended: <c>completed</c> or <c>disconnected</c>.
    /// </remarks>
    /// <param name="q">
    /// The search, for example <c>organization:coder</c>, <c>workspace_owner:ann</c>, <c>workspace_owner_email:ann@example.com</c>, <c>type:ssh</c>,
    /// <c>username:ann</c>, <c>user_email:ann@example.com</c>, <c>connected_after:2026-03-01T00:00:00Z</c>,
    /// <c>connected_before:2026-03-02T00:00:00Z</c>, <c>workspace_id:0b3a4f0e-0000-4000-8000-000000000001</c>,
    /// <c>connection_id:0b3a4f0e-0000-4000-8000-000000000002</c>, <c>status:ongoing</c>; several with spaces between them.
    /// </param>
    /// <param name="limit">At most so many entries; 100 when 0 or absent.</param>
    /// <param name="offset">After so many entries.</param>
    /// <param name="after_id">After this entry, which you must be able to see.</param>
    /// <param name="cursor">The <c>next_cursor</c> of the page before; not together with <c>after_id</c>.</param>
    /// <param name="count_cap">Counting may stop one above this.</param>
    /// <param name="count"><c>none</c> to count nothing and be answered -1.</param>
    /// <response code="200">The entries, and how many match in all.</response>
    /// <response code="400">A parameter or a part of the search can not be read; the validations say which.</response>
    /// <response code="403">The license does not give the connection log.</response>
    [HttpGet]
    [RequiresFeature(FeatureName.ConnectionLog)]
    [ProducesResponseType<ConnectionLogResponseJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    public Task<IActionResult> List(
        string? q,
        [DocumentedAs(typeof(int))] string? limit,
        [DocumentedAs(typeof(int))] string? offset,
        [DocumentedAs(typeof(Guid))] string? after_id,
        string? cursor,
        [DocumentedAs(typeof(int))] string? count_cap,
        string? count)
    {
        var query = new QueryReader(Request.Query);
        var page = query.Page();
        var search = query.Text(nameof(q)) ?? "";
        var place = ConnectionLogParameters.Cursor(query, page);
        var counting = ConnectionLogParameters.Counting(query);
        return SendAsync(
            query.Finish(page),
            read => new ListConnectionLogs(Actor, search, read, place, counting),
            found => Ok(ConnectionLogResponseJson.From(found, HttpContext.RequestAborted)));
    }

    /// <summary>Export connections.</summary>
    /// <remarks>Everything that matches, oldest first, as a file that is written while it is read.</remarks>
    /// <param name="format"><c>ndjson</c>, one entry of the list a line, or <c>csv</c>; ndjson when absent.</param>
    /// <param name="q">The search, as in the list.</param>
    /// <param name="cursor">Goes on after this place: a <c>next_cursor</c> of the list, or the id of the last entry that arrived.</param>
    /// <response code="200">The file.</response>
    /// <response code="400">A parameter or a part of the search can not be read; the validations say which.</response>
    /// <response code="403">The license does not give the connection log.</response>
    [HttpGet("export")]
    [RequiresFeature(FeatureName.ConnectionLog)]
    [ProducesResponseType<string>(StatusCodes.Status200OK, "application/x-ndjson", "text/csv")]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    public Task<IActionResult> Export([DocumentedTexts(NdJson, Csv)] string? format, string? q, string? cursor)
    {
        var query = new QueryReader(Request.Query);
        var kind = query.Text(nameof(format)) ?? NdJson;
        var search = query.Text(nameof(q)) ?? "";
        var place = query.Text(nameof(cursor)) ?? "";
        if (kind is not (Csv or NdJson))
        {
            query.Refuse(nameof(format), $"has invalid value: \"{kind}\" is not a valid value");
        }

        return SendAsync(
            query.Finish(Done.Value),
            _ => new ExportConnectionLogs(Actor, search, place),
            export => new LogExportResult<ConnectionLogView>(export.Batches, ConnectionLogFile.Form, kind == Csv));
    }
}

/// <summary>Reads the parameters that only this list has.</summary>
internal static class ConnectionLogParameters
{
    private const string None = "none";

    public static ConnectionLogCursor? Cursor(QueryReader reader, Page page)
    {
        if (reader.Text("cursor") is not { } text)
        {
            return null;
        }

        if (!ConnectionLogCursor.TryParse(text, out var cursor))
        {
            reader.Refuse("cursor", "must be a cursor that was given out");
        }
        else if (page.AfterId is not null)
        {
            reader.Refuse("cursor", "must not be given together with \"after_id\"");
        }

        return cursor;
    }

    public static ConnectionLogCounting Counting(QueryReader reader)
    {
        var count = reader.Text("count");
        if (count is not (null or None))
        {
            reader.Refuse("count", $"has invalid value: \"{count}\" is not a valid value");
        }

        var cap = reader.Positive("count_cap");
        return new ConnectionLogCounting(count is null, cap == 0 ? null : cap);
    }
}
