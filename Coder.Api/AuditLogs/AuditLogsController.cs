using System.Text.Json;
using System.Text.Json.Nodes;
using Coder.Api.Http;
using Coder.Api.Swagger;
using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.Authorization;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Coder.Api.AuditLogs;

/// <summary>Who changed what.</summary>
[Route("api/v2/audit")]
[Tags("Audit log")]
internal sealed class AuditLogsController(ISender sender) : CoderController(sender)
{
    private const string Csv = "csv";
    private const string NdJson = "ndjson";

    /// <summary>List the audit log.</summary>
    /// <remarks>
    /// The newest entries first, as far as you may see them. Works without a license; only recording needs one.
    ///
    /// The search takes keys with values, such as <c>resource_type:user action:write date_from:2026-03-01</c>; all of them must match. A value
    /// with a space or a colon needs double quotes. The keys:
    ///
    /// - <c>request_id:0b3a4f0e-0000-4000-8000-000000000003</c>: what one request did.
    /// - <c>resource_id:0b3a4f0e-0000-4000-8000-000000000004</c>: what was done to a resource.
    /// - <c>resource_target:web</c>: the same by its name at that time.
    /// - <c>username:ann</c>: what a user did; <c>me</c> is you.
    /// - <c>email:ann@example.com</c>: the same by email.
    /// - <c>date_from:2026-03-01</c>: on that day or later, in UTC.
    /// - <c>date_to:2026-03-31</c>: on that day or earlier, in UTC.
    /// - <c>organization:coder</c>: by name, or by id.
    /// - <c>resource_type:workspace</c>: a kind of resource, also without the key.
    /// - <c>action:create</c>: what was done.
    /// - <c>build_reason:autostart</c>: why a workspace was built.
    /// </remarks>
    /// <param name="q">
    /// The search, for example <c>request_id:0b3a4f0e-0000-4000-8000-000000000003</c>, <c>resource_id:0b3a4f0e-0000-4000-8000-000000000004</c>,
    /// <c>resource_target:web</c>, <c>username:ann</c>, <c>email:ann@example.com</c>, <c>date_from:2026-03-01</c>, <c>date_to:2026-03-31</c>,
    /// <c>organization:coder</c>, <c>resource_type:workspace</c>, <c>action:create</c>, <c>build_reason:autostart</c>; several with spaces between
    /// them.
    /// </param>
    /// <param name="limit">How many entries at most; 100 when left out or 0.</param>
    /// <param name="offset">How many entries to pass over.</param>
    /// <response code="200">The entries.</response>
    /// <response code="400">A parameter or a part of the search can not be read; the fields are named.</response>
    /// <response code="403">You may not read the audit log of the deployment or of any organization.</response>
    [HttpGet]
    [RequiresPermission(ResourceType.AuditLog, PermissionAction.Read, AnyOrganization = true)]
    [ProducesResponseType<AuditLogResponseJson>(StatusCodes.Status200OK)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    public Task<IActionResult> List(string? q, [DocumentedAs(typeof(int))] string? limit, [DocumentedAs(typeof(int))] string? offset)
    {
        var reader = new QueryReader(Request.Query);
        var read = reader.Finish((Search: reader.Text("q") ?? "", Page: reader.Page()));
        return SendAsync(
            read,
            query => new ListAuditLogs(Actor, query.Search, query.Page),
            page => Ok(new AuditLogResponseJson(page.Entries.Select(AuditLogJson.From), page.Count)));
    }

    /// <summary>Export the audit log.</summary>
    /// <remarks>Everything that matches, oldest first, as a file that is written while it is read.</remarks>
    /// <param name="format"><c>ndjson</c>, one entry of the list a line, or <c>csv</c>; ndjson when absent.</param>
    /// <param name="q">What to look for, as in the list.</param>
    /// <param name="cursor">Goes on after this entry: the id of the last one that arrived.</param>
    /// <response code="200">The file.</response>
    /// <response code="400">A parameter or a part of the search can not be read; the fields are named.</response>
    /// <response code="403">You may not read the audit log of the deployment or of any organization.</response>
    [HttpGet("export")]
    [RequiresPermission(ResourceType.AuditLog, PermissionAction.Read, AnyOrganization = true)]
    [ProducesResponseType<string>(StatusCodes.Status200OK, "application/x-ndjson", "text/csv")]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    public Task<IActionResult> Export([DocumentedTexts(NdJson, Csv)] string? format, string? q, string? cursor)
    {
        var reader = new QueryReader(Request.Query);
        var kind = reader.Text(nameof(format)) ?? NdJson;
        if (kind is not (Csv or NdJson))
        {
            reader.Refuse(nameof(format), $"has invalid value: \"{kind}\" is not a valid value");
        }

        return SendAsync(
            reader.Finish((Search: reader.Text("q") ?? "", After: reader.Uuid("cursor"))),
            query => new ExportAuditLogs(Actor, query.Search, query.After),
            export => new LogExportResult<AuditLogView>(export.Batches, AuditLogFile.Form, kind == Csv));
    }

    /// <summary>Make up an entry.</summary>
    /// <remarks>For tests of whatever reads the log. The entry says that you did it, and is stored without a license too.</remarks>
    /// <response code="204">The entry is stored; the body is empty.</response>
    /// <response code="400">The action or the kind of resource is unknown.</response>
    /// <response code="403">Only owners may do this.</response>
    [HttpPost("testgenerate")]
    [RequiresPermission(ResourceType.AuditLog, PermissionAction.Create)]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status400BadRequest)]
    [ProducesResponseType<ResponseBody>(StatusCodes.Status403Forbidden)]
    public Task<IActionResult> Generate([FromBody] CreateTestAuditLogRequestJson body) => SendAsync(
        new GenerateTestAuditLog(
            Actor,
            body.Action is { Length: > 0 } action ? action : "write",
            body.ResourceType is { Length: > 0 } type ? type : "user",
            body.ResourceId == Guid.Empty ? null : body.ResourceId,
            body.AdditionalFields is { ValueKind: JsonValueKind.Object } fields ? JsonObject.Create(fields)! : [],
            body.Time == default(DateTimeOffset) ? null : body.Time,
            body.OrganizationId ?? Guid.Empty,
            body.RequestId ?? Guid.Empty),
        _ => NoContent());
}
