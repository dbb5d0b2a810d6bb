using System.Text;
using Coder.Api.Http;
using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;

namespace Coder.Api.AuditLogs;

/// <summary>The export of the audit log.</summary>
internal static class AuditLogFile
{
    private const string Header =
        "id,time,username,user_email,ip,user_agent,action,resource_type,resource_id,resource_target,organization,status_code,description,diff,"
        + "additional_fields,request_id\r\n";

    /// <summary>How it is written.</summary>
    public static LogFile<AuditLogView> Form { get; } = new("audit-log", Header, Append, AuditLogJson.From);

    private static void Append(StringBuilder lines, AuditLogView view)
    {
        var entry = view.Entry;
        lines.Append(entry.Id).Append(',').Append(entry.Time.ToRfc3339())
            .AppendCell(view.User?.Username)
            .AppendCell(view.User?.Email)
            .Append(',').Append(entry.IpAddress)
            .AppendCell(entry.UserAgent)
            .Append(',').Append(entry.Action.WireName())
            .Append(',').Append(entry.ResourceType.WireName())
            .Append(',').Append(entry.ResourceId)
            .AppendCell(entry.ResourceTarget)
            .AppendCell(view.Organization?.Name)
            .Append(',').Append(entry.StatusCode)
            .AppendCell(view.Description)
            .AppendCell(entry.Diff.ToJsonString())
            .AppendCell(entry.AdditionalFields.ToJsonString())
            .Append(',').Append(entry.RequestId)
            .Append("\r\n");
    }
}
