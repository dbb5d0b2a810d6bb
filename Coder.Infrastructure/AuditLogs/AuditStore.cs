using Coder.Application.AuditLogs;
using Coder.Domain.AuditLogs;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.AuditLogs;

internal sealed class AuditStore(DbSession db) : IAuditStore
{
    private const string Add = """
        insert into audit_logs
            (id, time, user_id, organization_id, ip, user_agent, resource_type, resource_id, resource_target, action, diff, status_code,
             additional_fields, request_id, resource_icon)
        values
            (@id, @time, @userId, @organizationId, @ip::inet, @userAgent, @resourceType::audit_resource_type, @resourceId, @resourceTarget,
             @action::audit_action, @diff::jsonb, @statusCode, @additionalFields::jsonb, @requestId, @resourceIcon)
        """;

    public Task AddAsync(AuditEntry entry, CancellationToken ct) => db.ExecuteAsync(
        Add,
        new
        {
            entry.Id,
            entry.Time,
            entry.UserId,
            entry.OrganizationId,
            ip = entry.IpAddress,
            entry.UserAgent,
            resourceType = entry.ResourceType.WireName(),
            entry.ResourceId,
            entry.ResourceTarget,
            action = entry.Action.WireName(),
            diff = entry.Diff.ToJsonString(),
            entry.StatusCode,
            additionalFields = entry.AdditionalFields.ToJsonString(),
            entry.RequestId,
            entry.ResourceIcon,
        },
        ct);
}
