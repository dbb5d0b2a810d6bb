using Coder.Application.AuditLogs;
using Coder.Application.Users;
using Coder.Domain.AuditLogs;
using Coder.Domain.Common;

namespace Coder.Api.AuditLogs;

/// <summary>
/// What a gate refuses on this action goes into the audit log (docs/spec/platform.md, section 8). It stands beside every gate of an action
/// whose request is recorded, with what that request says of itself: the gate judges before there is a request. A test keeps the two equal.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RecordsRefusalsAttribute(AuditResourceType resource, AuditAction action) : Attribute
{
    /// <summary>The kind of resource that somebody wanted to change.</summary>
    public AuditResourceType Resource { get; } = resource;

    /// <summary>What was to be done to it.</summary>
    public AuditAction Action { get; } = action;

    /// <summary>Records a refusal, if the endpoint says so.</summary>
    public static async Task RecordAsync(HttpContext context, Error refusal)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RecordsRefusalsAttribute>() is not { } wanted
            || context.Features.Get<Session>() is not { } session)
        {
            return;
        }

        // The attempt is over, so a caller that hangs up must not leave it unrecorded.
        await context.RequestServices.GetRequiredService<AuditTrail>().WriteRefusalAsync(
            wanted.Resource, wanted.Action, session.Actor.UserId, refusal, CancellationToken.None);
    }
}
