using System.Globalization;
using System.Text;
using Coder.Application.ConnectionLogs;
using Coder.Domain.ConnectionLogs;

namespace Coder.Api.ConnectionLogs;

/// <summary>Rows as RFC 4180 wants them, without what a spreadsheet would take for a formula (docs/spec/connection-logs.md, section 12.7).</summary>
internal static class ConnectionLogCsv
{
    /// <summary>The first line.</summary>
    public const string Header =
        "id,connect_time,disconnect_time,organization,workspace_owner,workspace,agent,type,ip,username,user_email,slug_or_port,user_agent,code,"
        + "connection_id,disconnect_reason\r\n";

    /// <summary>Appends one line.</summary>
    public static void Append(StringBuilder lines, ConnectionLogView view)
    {
        var entry = view.Entry;
        lines.Append(entry.Id).Append(',').Append(Time(entry.ConnectTime)).Append(',').Append(Time(entry.DisconnectTime));
        Text(lines, view.Organization.Name);
        Text(lines, view.WorkspaceOwnerUsername);
        Text(lines, entry.WorkspaceName);
        Text(lines, entry.AgentName);
        lines.Append(',').Append(entry.Type.WireName()).Append(',').Append(entry.Ip);
        Text(lines, view.User?.Username);
        Text(lines, view.User?.Email);
        Text(lines, entry.SlugOrPort);
        Text(lines, entry.UserAgent);
        lines.Append(CultureInfo.InvariantCulture, $",{entry.Code},{entry.ConnectionId}");
        Text(lines, entry.DisconnectReason);
        lines.Append("\r\n");
    }

    private static string? Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    private static void Text(StringBuilder lines, string? text)
    {
        lines.Append(',');
        if (text is not { Length: > 0 })
        {
            return;
        }

        var harmless = text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? $"'{text}" : text;
        if (harmless.AsSpan().ContainsAny("\",\r\n"))
        {
            lines.Append('"').Append(harmless.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }
        else
        {
            lines.Append(harmless);
        }
    }
}
