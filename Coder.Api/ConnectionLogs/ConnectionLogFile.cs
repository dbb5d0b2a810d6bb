using System.Globalization;
using System.Text;
using Coder.Api.Http;
using Coder.Application.Common;
using Coder.Application.ConnectionLogs;
using Coder.Domain.ConnectionLogs;

namespace Coder.Api.ConnectionLogs;

/// <summary>The export of the connection log.</summary>
internal static class ConnectionLogFile
{
    private const string Header =
        "id,connect_time,disconnect_time,organization,workspace_owner,workspace,agent,type,ip,username,user_email,slug_or_port,user_agent,code,"
        + "connection_id,disconnect_reason\r\n";

    /// <summary>How it is written.</summary>
    public static LogFile<ConnectionLogView> Form { get; } = new("connection-log", Header, Append, ConnectionLogJson.From);

    private static void Append(StringBuilder lines, ConnectionLogView view)
    {
        var entry = view.Entry;
        lines.Append(entry.Id).Append(',').Append(entry.ConnectTime.ToRfc3339()).Append(',').Append(entry.DisconnectTime?.ToRfc3339());
        lines.AppendCell(view.Organization.Name);
        lines.AppendCell(view.WorkspaceOwnerUsername);
        lines.AppendCell(entry.WorkspaceName);
        lines.AppendCell(entry.AgentName);
        lines.Append(',').Append(entry.Type.WireName()).Append(',').Append(entry.Ip);
        lines.AppendCell(view.User?.Username);
        lines.AppendCell(view.User?.Email);
        lines.AppendCell(entry.SlugOrPort);
        lines.AppendCell(entry.UserAgent);
        lines.Append(CultureInfo.InvariantCulture, $",{entry.Code},{entry.ConnectionId}");
        lines.AppendCell(entry.DisconnectReason);
        lines.Append("\r\n");
    }
}
