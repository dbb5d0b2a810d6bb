namespace Coder.Domain.Notifications;

/// <summary>A message in a user's inbox.</summary>
/// <param name="Id">Grows with time.</param>
/// <param name="UserId">Whose inbox.</param>
/// <param name="TemplateId">The kind of notification.</param>
/// <param name="Targets">What it is about, such as a template or a workspace.</param>
/// <param name="Title">One line.</param>
/// <param name="Content">Markdown.</param>
/// <param name="Icon">A picture; may be empty.</param>
/// <param name="Actions">Where the reader can go from here.</param>
/// <param name="ReadAt">When it was marked as read, or <see langword="null"/>.</param>
/// <param name="CreatedAt">UTC.</param>
public sealed record InboxNotification(
    Guid Id,
    Guid UserId,
    Guid TemplateId,
    IReadOnlyList<Guid> Targets,
    string Title,
    string Content,
    string Icon,
    IReadOnlyList<InboxAction> Actions,
    DateTimeOffset? ReadAt,
    DateTimeOffset CreatedAt);

/// <summary>A link under a notification.</summary>
/// <param name="Label">The text.</param>
/// <param name="Url">Where it leads.</param>
public sealed record InboxAction(string Label, string Url);
