using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Notifications;
using MediatR;

namespace Coder.Application.Notifications;

/// <summary>Decides whether the caller may be told of new notifications in their own inbox, and of which.</summary>
public sealed record WatchInbox(Actor Actor, InboxQuery Query, string? Format) : IQuery<InboxWatch>, IActorRequest;

/// <summary>What to tell.</summary>
/// <param name="UserId">Whose inbox.</param>
/// <param name="Filter">Which notifications.</param>
/// <param name="IsPlain">Whether texts are wanted without Markdown.</param>
public sealed record InboxWatch(Guid UserId, InboxFilter Filter, bool IsPlain);

internal sealed class WatchInboxHandler : IRequestHandler<WatchInbox, Result<InboxWatch>>
{
    public Task<Result<InboxWatch>> Handle(WatchInbox request, CancellationToken cancellationToken) => Task.FromResult(Judge(request));

    private static Result<InboxWatch> Judge(WatchInbox request)
    {
        if (!request.Query.Parse().Is(out var filter, out var error))
        {
            return error;
        }

        if (request.Format is not (null or "" or "plaintext" or "markdown"))
        {
            return new Error(
                ErrorKind.Invalid,
                "Query parameters have invalid values.",
                null,
                [new FieldError("format", "Query param \"format\" must be one of plaintext, markdown")]);
        }

        var me = request.Actor.UserId;
        return Authorizer.Can(request.Actor, PermissionAction.Read, ObjectRef.OwnedBy(me, ResourceType.InboxNotification))
            ? new InboxWatch(me, filter, request.Format == "plaintext")
            : Error.NotFound;
    }
}
