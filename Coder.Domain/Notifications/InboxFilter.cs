using Coder.Domain.Common;

namespace Coder.Domain.Notifications;

/// <summary>Which notifications are meant by whether they were read.</summary>
public enum ReadStatus
{
    /// <summary>All.</summary>
    All,

    /// <summary>Those that were read.</summary>
    Read,

    /// <summary>Those that were not.</summary>
    Unread,
}

/// <summary>Which notifications of an inbox are meant.</summary>
/// <param name="Targets">They are about all of these; empty for about anything.</param>
/// <param name="Templates">They are of one of these kinds; empty for any kind.</param>
/// <param name="Status">Whether they were read.</param>
/// <param name="StartingBefore">They stand behind this one, which is newer; <see langword="null"/> for the newest.</param>
public sealed record InboxFilter(
    IReadOnlyList<Guid> Targets, IReadOnlyList<Guid> Templates, ReadStatus Status, Guid? StartingBefore)
{
    /// <summary>Reads a filter as it stands in a query string; absent and empty mean no limit.</summary>
    /// <param name="targets">Ids with commas between them.</param>
    /// <param name="templates">Ids with commas between them.</param>
    /// <param name="readStatus"><c>all</c>, <c>read</c> or <c>unread</c>.</param>
    /// <param name="startingBefore">An id.</param>
    public static Result<InboxFilter> Parse(string? targets, string? templates, string? readStatus, string? startingBefore)
    {
        var errors = new List<FieldError>();
        var filter = new InboxFilter(
            Ids("targets", targets, errors),
            Ids("templates", templates, errors),
            StatusOf(readStatus, errors),
            Ids("starting_before", startingBefore, errors) switch
            {
                [] => null,
                [var id] => id,
                _ => Refuse("starting_before", errors),
            });
        return errors.Count == 0 ? filter : new Error(ErrorKind.Invalid, "Query parameters have invalid values.", null, errors);
    }

    /// <summary>Whether a notification that has just arrived is meant; what it stands behind does not count.</summary>
    public bool Matches(InboxNotification notification)
    {
        ArgumentNullException.ThrowIfNull(notification);
        return Targets.All(notification.Targets.Contains)
            && (Templates.Count == 0 || Templates.Contains(notification.TemplateId))
            && (Status == ReadStatus.All || (Status == ReadStatus.Read) == (notification.ReadAt is not null));
    }

    private static List<Guid> Ids(string name, string? text, List<FieldError> errors)
    {
        var ids = new List<Guid>();
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Guid.TryParseExact(part, "D", out var id))
            {
                Refuse(name, errors);
                return [];
            }

            ids.Add(id);
        }

        return ids;
    }

    private static Guid? Refuse(string name, List<FieldError> errors)
    {
        errors.Add(new FieldError(name, $"Query param \"{name}\" must be a valid uuid"));
        return null;
    }

    private static ReadStatus StatusOf(string? text, List<FieldError> errors)
    {
        switch (text)
        {
            case null or "" or "all":
                return ReadStatus.All;
            case "read":
                return ReadStatus.Read;
            case "unread":
                return ReadStatus.Unread;
            default:
                errors.Add(new FieldError("read_status", "Query param \"read_status\" must be one of all, read, unread"));
                return ReadStatus.All;
        }
    }
}
