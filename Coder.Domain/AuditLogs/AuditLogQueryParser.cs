using Coder.Domain.Common;
using Coder.Domain.Workspaces;

namespace Coder.Domain.AuditLogs;

/// <summary>Reads the search text of the audit log (docs/spec/connection-logs.md, section 6.2).</summary>
public static class AuditLogQueryParser
{
    private const string Message = "Invalid audit search query.";

    /// <summary>Reads a search text.</summary>
    /// <returns>The filter, or <c>Invalid audit search query.</c> with an error for each key that is wrong.</returns>
    public static Result<AuditLogFilter> Parse(string text)
    {
        if (SearchQuery.Refusal(text, Message) is { } refusal)
        {
            return refusal;
        }

        var query = SearchQuery.Parse(text, "resource_type");
        var filter = new AuditLogFilter
        {
            RequestId = query.Uuid("request_id"),
            ResourceId = query.Uuid("resource_id"),
            ResourceTarget = query.Text("resource_target"),
            Username = query.Text("username"),
            Email = query.Text("email"),
            From = Day(query.Date("date_from"), 0),
            Until = Day(query.Date("date_to"), 1),
            Organization = Organization(query.Text("organization")),
            ResourceType = query.OneOf(
                "resource_type", name => AuditResourceTypes.TryParse(name, out var type) ? type : (AuditResourceType?)null),
            Action = query.OneOf("action", name => AuditActions.TryParse(name, out var action) ? action : (AuditAction?)null),
            BuildReason = query.OneOf("build_reason", name => BuildReasons.TryParse(name, out var reason) ? reason : (BuildReason?)null),
        };
        return query.Finish(filter, Message);
    }

    /// <summary>The answer to an organization that does not exist or that the caller may not read, in the same words.</summary>
    public static Error UnknownOrganization(string name) => Refuse(
        "organization",
        $"Query param \"organization\" has invalid value: organization \"{name}\" either does not exist, or you are unauthorized to view it");

    // An id in one form, so that whoever looks it up need not know the others.
    private static string? Organization(string? text) => text is not null && UuidText.TryParse(text, out var id) ? id.ToString() : text;

    // Both days count, so the end is the beginning of the next one. The last day of the calendar has none.
    private static DateTimeOffset? Day(DateOnly? date, int later) => date is not { } day ? null
        : day == DateOnly.MaxValue && later > 0 ? DateTimeOffset.MaxValue
        : new DateTimeOffset(day.AddDays(later), TimeOnly.MinValue, TimeSpan.Zero);

    private static Error Refuse(string field, string detail) => new(ErrorKind.Invalid, Message, null, [new FieldError(field, detail)]);
}
