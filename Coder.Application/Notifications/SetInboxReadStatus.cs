using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Notifications;

/// <summary>Marks a notification of the caller's own inbox as read or as not read.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Id">As it stands in the path.</param>
/// <param name="IsRead">Whether it was read.</param>
public sealed record SetInboxReadStatus(Actor Actor, string Id, bool IsRead) : ICommand<InboxMessage>, ITransactional, IActorRequest;

internal sealed class SetInboxReadStatusHandler(IInboxStore inbox, TimeProvider time)
    : IRequestHandler<SetInboxReadStatus, Result<InboxMessage>>
{
    public async Task<Result<InboxMessage>> Handle(SetInboxReadStatus request, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(request.Id, "D", out var id))
        {
            return new Error(ErrorKind.Invalid, $"Invalid UUID \"{request.Id}\".", "A UUID has 32 hexadecimal digits in five groups.");
        }

        var me = request.Actor.UserId;
        var target = ObjectRef.OwnedBy(me, ResourceType.InboxNotification, id);
        if (!Authorizer.Can(request.Actor, PermissionAction.Read, target))
        {
            return Error.NotFound;
        }

        if (!Authorizer.Can(request.Actor, PermissionAction.Update, target))
        {
            return Error.Forbidden;
        }

        DateTimeOffset? readAt = request.IsRead ? time.GetUtcNow().ToMicroseconds() : null;
        return await inbox.SetReadAsync(me, id, readAt, cancellationToken) && await inbox.FindAsync(me, id, cancellationToken) is { } changed
            ? changed
            : Error.NotFound;
    }
}
