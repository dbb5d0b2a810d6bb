using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Notifications;

/// <summary>Marks everything in the caller's own inbox as read.</summary>
public sealed record MarkInboxRead(Actor Actor) : ICommand<Done>, ITransactional, IActorRequest;

internal sealed class MarkInboxReadHandler(IInboxStore inbox, TimeProvider time) : IRequestHandler<MarkInboxRead, Result<Done>>
{
    public async Task<Result<Done>> Handle(MarkInboxRead request, CancellationToken cancellationToken)
    {
        var me = request.Actor.UserId;
        if (!Authorizer.Can(request.Actor, PermissionAction.Update, ObjectRef.OwnedBy(me, ResourceType.InboxNotification)))
        {
            return Error.Forbidden;
        }

        await inbox.SetAllReadAsync(me, time.GetUtcNow().ToMicroseconds(), cancellationToken);
        return Done.Value;
    }
}
