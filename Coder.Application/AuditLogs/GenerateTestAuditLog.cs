using System.Text.Json.Nodes;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.AuditLogs;

/// <summary>
/// Writes an entry that says what it is told to, for tests of whatever reads the log; also without a license
/// (docs/spec/connection-logs.md, section 7.5).
/// </summary>
/// <param name="Actor">Who asks, and who acts in the entry.</param>
/// <param name="Action">By its wire name.</param>
/// <param name="ResourceType">By its wire name.</param>
/// <param name="ResourceId">Random when not given.</param>
/// <param name="AdditionalFields">Stored as it is.</param>
/// <param name="Time">Now when not given.</param>
/// <param name="OrganizationId">Nil for the deployment.</param>
/// <param name="RequestId">Nil for none.</param>
[RequiresPermission(Domain.Authorization.ResourceType.AuditLog, PermissionAction.Create)]
public sealed record GenerateTestAuditLog(
    Actor Actor,
    string Action,
    string ResourceType,
    Guid? ResourceId,
    JsonObject AdditionalFields,
    DateTimeOffset? Time,
    Guid OrganizationId,
    Guid RequestId)
    : ICommand<Done>, IActorRequest;

internal sealed class GenerateTestAuditLogHandler(IAuditStore store, IRequestOrigin origin, IIds ids, TimeProvider time)
    : IRequestHandler<GenerateTestAuditLog, Result<Done>>
{
    public async Task<Result<Done>> Handle(GenerateTestAuditLog request, CancellationToken cancellationToken)
    {
        List<FieldError> errors = [];
        if (!AuditActions.TryParse(request.Action, out var action))
        {
            errors.Add(new FieldError("action", $"\"{request.Action}\" is not an action"));
        }

        if (!AuditResourceTypes.TryParse(request.ResourceType, out var type))
        {
            errors.Add(new FieldError("resource_type", $"\"{request.ResourceType}\" is not a resource type"));
        }

        if (errors.Count > 0)
        {
            return Error.ValidationFailed(errors);
        }

        await store.AddAsync(
            new AuditEntry
            {
                Id = ids.Sequential(),
                Time = (request.Time ?? time.GetUtcNow()).ToMicroseconds(),
                UserId = request.Actor.UserId,
                OrganizationId = request.OrganizationId,
                IpAddress = origin.IpAddress,
                UserAgent = AuditTrail.Cut(origin.UserAgent),
                ResourceType = type,
                ResourceId = request.ResourceId ?? ids.Random(),
                ResourceTarget = request.Actor.Username,
                ResourceIcon = "",
                Action = action,
                Diff = new JsonObject { ["foo"] = new JsonObject { ["old"] = "bar", ["new"] = "baz", ["secret"] = false } },
                StatusCode = 200,
                AdditionalFields = request.AdditionalFields,
                RequestId = request.RequestId,
            },
            cancellationToken);
        return Done.Value;
    }
}
