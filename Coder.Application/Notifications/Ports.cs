using Coder.Domain.Notifications;

namespace Coder.Application.Notifications;

/// <summary>Puts notifications into inboxes, for every feature that has something to say.</summary>
public interface IInbox
{
    /// <summary>
    /// Adds a notification and tells the pages that are open, in one statement and so inside the transaction that is open, if there is one.
    /// </summary>
    /// <returns>The id of the notification.</returns>
    Task<Guid> AddAsync(NewInboxNotification notification, CancellationToken ct);
}

/// <summary>A notification to be added.</summary>
/// <param name="UserId">Whose inbox.</param>
/// <param name="TemplateId">The kind of notification.</param>
/// <param name="Targets">What it is about.</param>
/// <param name="Title">One line.</param>
/// <param name="Content">Markdown.</param>
/// <param name="Icon">A picture; may be empty.</param>
/// <param name="Actions">Where the reader can go from here.</param>
public sealed record NewInboxNotification(
    Guid UserId,
    Guid TemplateId,
    IReadOnlyList<Guid> Targets,
    string Title,
    string Content,
    string Icon,
    IReadOnlyList<InboxAction> Actions);

/// <summary>Reads inboxes and keeps what was read.</summary>
public interface IInboxStore
{
    /// <summary>How many notifications <see cref="SinceAsync"/> gives at most.</summary>
    const int MostSince = 100;

    /// <summary>A page of a user's inbox, newest first.</summary>
    Task<IReadOnlyList<InboxNotification>> ListAsync(Guid userId, InboxFilter filter, int limit, CancellationToken ct);

    /// <summary>How many notifications a user has not read.</summary>
    Task<long> CountUnreadAsync(Guid userId, CancellationToken ct);

    /// <summary>One notification of a user, with the number of those that are not read.</summary>
    Task<InboxMessage?> FindAsync(Guid userId, Guid id, CancellationToken ct);

    /// <summary>
    /// The notifications of a user since a time, oldest first; of more than <see cref="MostSince"/> the newest, as the page that shows
    /// them has no more.
    /// </summary>
    Task<IReadOnlyList<InboxNotification>> SinceAsync(Guid userId, DateTimeOffset since, CancellationToken ct);

    /// <summary>Marks a notification as read, or with <see langword="null"/> as not read. One that was read keeps its time.</summary>
    /// <returns><see langword="false"/> when the user has no such notification.</returns>
    Task<bool> SetReadAsync(Guid userId, Guid id, DateTimeOffset? readAt, CancellationToken ct);

    /// <summary>Marks everything as read.</summary>
    Task SetAllReadAsync(Guid userId, DateTimeOffset readAt, CancellationToken ct);
}

/// <summary>A notification with the number of those that are not read.</summary>
public sealed record InboxMessage(InboxNotification Notification, long UnreadCount);
