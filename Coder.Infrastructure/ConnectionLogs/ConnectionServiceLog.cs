using Coder.Application.ConnectionLogs;
using Coder.Domain.Common;
using Coder.Domain.ConnectionLogs;
using Microsoft.Extensions.Logging;

namespace Coder.Infrastructure.ConnectionLogs;

/// <summary>One line of the server's own log for each event. Operators forward these; the message and the property names are API.</summary>
internal sealed partial class ConnectionServiceLog(ILogger<ConnectionServiceLog> logger) : IConnectionSink
{
    public Task<Result<Done>> WriteAsync(IReadOnlyList<ConnectionEvent> connections, CancellationToken ct)
    {
        if (logger.IsEnabled(LogLevel.Information))
        {
            foreach (var connection in connections)
            {
                Write(connection);
            }
        }

        return Task.FromResult<Result<Done>>(Done.Value);
    }

    private void Write(ConnectionEvent e)
    {
        var type = e.Type.WireName();
        var ip = e.Ip?.ToString();
        var status = e.Status.WireName();
        Line(
            logger,
            e.Id,
            e.Time,
            e.OrganizationId,
            e.WorkspaceOwnerId,
            e.WorkspaceId,
            e.WorkspaceName,
            e.AgentName,
            type,
            e.Code,
            ip,
            e.UserAgent,
            e.UserId,
            e.SlugOrPort,
            e.ConnectionId,
            e.DisconnectReason,
            status);
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "connection_log {ID} {Time} {OrganizationID} {WorkspaceOwnerID} {WorkspaceID} {WorkspaceName} {AgentName} {Type} {Code} {Ip} "
            + "{UserAgent} {UserID} {SlugOrPort} {ConnectionID} {DisconnectReason} {ConnectionStatus}")]
    private static partial void Line(
        ILogger logger,
        Guid id,
        DateTimeOffset time,
        Guid organizationID,
        Guid workspaceOwnerID,
        Guid workspaceID,
        string workspaceName,
        string agentName,
        string type,
        int? code,
        string? ip,
        string? userAgent,
        Guid? userID,
        string? slugOrPort,
        Guid? connectionID,
        string? disconnectReason,
        string connectionStatus);
}
