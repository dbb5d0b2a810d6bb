using Coder.Application.AuditLogs;
using Coder.Domain.AuditLogs;
using Microsoft.Extensions.Logging;

namespace Coder.Infrastructure.AuditLogs;

/// <summary>One line of the server's own log for each entry. Operators forward these; the message and the property names are API.</summary>
internal sealed partial class AuditServiceLog(ILogger<AuditServiceLog> logger) : IAuditServiceLog
{
    public void Write(AuditEntry entry)
    {
        if (!logger.IsEnabled(LogLevel.Information))
        {
            return;
        }

        var resourceType = entry.ResourceType.WireName();
        var action = entry.Action.WireName();
        var diff = entry.Diff.ToJsonString();
        var additionalFields = entry.AdditionalFields.ToJsonString();
        Line(
            logger,
            entry.Id,
            entry.Time,
            entry.UserId,
            entry.OrganizationId,
            entry.IpAddress,
            entry.UserAgent,
            resourceType,
            entry.ResourceId,
            entry.ResourceTarget,
            action,
            diff,
            entry.StatusCode,
            additionalFields,
            entry.RequestId,
            entry.ResourceIcon);
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "audit_log {ID} {Time} {UserID} {OrganizationID} {Ip} {UserAgent} {ResourceType} {ResourceID} {ResourceTarget} {Action} {Diff} "
            + "{StatusCode} {AdditionalFields} {RequestID} {ResourceIcon}")]
    private static partial void Line(
        ILogger logger,
        Guid id,
        DateTimeOffset time,
        Guid userID,
        Guid organizationID,
        string? ip,
        string? userAgent,
        string resourceType,
        Guid resourceID,
        string resourceTarget,
        string action,
        string diff,
        int statusCode,
        string additionalFields,
        Guid requestID,
        string resourceIcon);
}
