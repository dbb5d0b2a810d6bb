using System.Text.Json.Serialization;
using Coder.Application.Notifications;
using Coder.Domain.Notifications;

namespace Coder.Api.Notifications;

/// <summary>Marks a notification.</summary>
/// <param name="IsRead">Whether it was read.</param>
public sealed record InboxReadStatusRequestJson(bool? IsRead);

/// <summary>A message in a user's inbox.</summary>
/// <param name="Id">Grows with time.</param>
/// <param name="UserId">Whose inbox.</param>
/// <param name="TemplateId">The kind of notification.</param>
/// <param name="Targets">What it is about, such as a template or a workspace.</param>
/// <param name="Title">One line.</param>
/// <param name="Content">Markdown, unless plain text was asked for.</param>
/// <param name="Icon">A picture; may be empty.</param>
/// <param name="Actions">Where the reader can go from here.</param>
/// <param name="ReadAt">When it was marked as read; null when it was not.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record InboxNotificationJson(
    Guid Id,
    Guid UserId,
    Guid TemplateId,
    IReadOnlyList<Guid> Targets,
    string Title,
    string Content,
    string Icon,
    IReadOnlyList<InboxNotificationActionJson> Actions,
    DateTimeOffset? ReadAt,
    DateTimeOffset CreatedAt)
{
    internal static InboxNotificationJson From(InboxNotification n) => From(n, isPlain: false);

    internal static InboxNotificationJson From(InboxNotification n, bool isPlain) => new(
        n.Id,
        n.UserId,
        n.TemplateId,
        n.Targets,
        isPlain ? MarkdownText.ToPlain(n.Title) : n.Title,
        isPlain ? MarkdownText.ToPlain(n.Content) : n.Content,
        n.Icon,
        [.. n.Actions.Select(a => new InboxNotificationActionJson(a.Label, a.Url))],
        n.ReadAt,
        n.CreatedAt);
}

/// <summary>A link under a notification.</summary>
/// <param name="Label">The text.</param>
/// <param name="Url">Where it leads.</param>
public sealed record InboxNotificationActionJson(string Label, string Url);

/// <summary>A page of an inbox.</summary>
/// <param name="Notifications">At most 25, newest first.</param>
/// <param name="UnreadCount">How many are not read, whatever the filter.</param>
public sealed record ListInboxNotificationsResponseJson(IReadOnlyList<InboxNotificationJson> Notifications, long UnreadCount)
{
    internal static ListInboxNotificationsResponseJson From(InboxPage page) =>
        new([.. page.Notifications.Select(InboxNotificationJson.From)], page.UnreadCount);
}

/// <summary>One notification.</summary>
/// <param name="Notification">The notification.</param>
/// <param name="UnreadCount">How many are not read.</param>
public sealed record GetInboxNotificationResponseJson(InboxNotificationJson Notification, long UnreadCount);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(InboxReadStatusRequestJson))]
[JsonSerializable(typeof(ListInboxNotificationsResponseJson))]
[JsonSerializable(typeof(GetInboxNotificationResponseJson))]
internal sealed partial class NotificationsJsonContext : JsonSerializerContext;
