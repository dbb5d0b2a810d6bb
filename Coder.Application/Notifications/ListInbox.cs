using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Notifications;
using MediatR;

namespace Coder.Application.Notifications;

/// <summary>A page of the caller's own inbox, newest first, with the number of those that are not read, whatever the filter.</summary>
public sealed record ListInbox(Actor Actor, InboxQuery Query) : IQuery<InboxPage>, IActorRequest;

/// <summary>A filter as it stands in a query string; see <see cref="InboxFilter.Parse"/>.</summary>
public sealed record InboxQuery(string? Targets, string? Templates, string? ReadStatus, string? StartingBefore)
{
    /// <summary>Reads it.</summary>
    public Result<InboxFilter> Parse() => InboxFilter.Parse(Targets, Templates, ReadStatus, StartingBefore);
}

/// <summary>A page of an inbox.</summary>
public sealed record InboxPage(IReadOnlyList<InboxNotification> Notifications, long UnreadCount);

internal sealed class ListInboxHandler(IInboxStore inbox) : IRequestHandler<ListInbox, Result<InboxPage>>
{
    private const int PageSize = 25;

    public async Task<Result<InboxPage>> Handle(ListInbox request, CancellationToken cancellationToken)
    {
        if (!request.Query.Parse().Is(out var filter, out var error))
        {
            return error;
        }

        var me = request.Actor.UserId;
        if (!Authorizer.Can(request.Actor, PermissionAction.Read, ObjectRef.OwnedBy(me, ResourceType.InboxNotification)))
        {
            return new InboxPage([], 0);
        }

        return new InboxPage(
            await inbox.ListAsync(me, filter, PageSize, cancellationToken), await inbox.CountUnreadAsync(me, cancellationToken));
    }
}
