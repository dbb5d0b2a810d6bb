using System.Text;
using Coder.Domain.Common;

namespace Coder.Domain.ConnectionLogs;

/// <summary>Reads the search text of the connection log (docs/spec/connection-logs.md, sections 6.1 and 12.8).</summary>
public static class ConnectionLogQueryParser
{
    private const string Message = "Invalid connection search query.";
    private const string FreeText = "search";

    // Their values have colons of their own, which need no quotes.
    private static readonly string[] Times = ["connected_after", "connected_before"];

    /// <summary>Reads a search text.</summary>
    /// <returns>The filter, or <c>Invalid connection search query.</c> with an error for each key that is wrong.</returns>
    public static Result<ConnectionLogFilter> Parse(string text)
    {
        if (SearchQuery.Refusal(text, Message) is { } refusal)
        {
            return refusal;
        }

        var query = SearchQuery.Parse(ConnectionText.Clean(text), FreeText, Times);
        var filter = new ConnectionLogFilter
        {
            Organization = Organization(query),
            WorkspaceOwner = query.Text("workspace_owner"),
            WorkspaceOwnerEmail = query.Text("workspace_owner_email"),
            Type = query.OneOf("type", name => ConnectionTypes.TryParse(name, out var type) ? type : (ConnectionType?)null),
            Username = query.Text("username"),
            UserEmail = query.Text("user_email"),
            ConnectedAfter = query.Time(Times[0]),
            ConnectedBefore = query.Time(Times[1]),
            WorkspaceId = query.Uuid("workspace_id"),
            ConnectionId = query.Uuid("connection_id"),
            Status = query.OneOf("status", name => SessionStatuses.TryParse(name, out var status) ? status : (SessionStatus?)null),
        };
        return query.Finish(filter, Message);
    }

    /// <summary>The answer to an organization that does not exist or that the caller may not read, in the same words.</summary>
    public static Error UnknownOrganization(string name) => Refuse(
        "organization",
        $"Query param \"organization\" has invalid value: organization \"{name}\" either does not exist, or you are unauthorized to view it");

    /// <summary>Prints a filter as a search text that is read back as the same filter.</summary>
    public static string Print(ConnectionLogFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var text = new StringBuilder();
        Append(text, "organization", filter.Organization?.ToString());
        Append(text, "workspace_owner", filter.WorkspaceOwner);
        Append(text, "workspace_owner_email", filter.WorkspaceOwnerEmail);
        Append(text, "type", filter.Type?.WireName());
        Append(text, "username", filter.Username);
        Append(text, "user_email", filter.UserEmail);
        Append(text, Times[0], Time(filter.ConnectedAfter));
        Append(text, Times[1], Time(filter.ConnectedBefore));
        Append(text, "workspace_id", filter.WorkspaceId?.ToString());
        Append(text, "connection_id", filter.ConnectionId?.ToString());
        Append(text, "status", filter.Status?.WireName());
        return text.ToString();
    }

    private static OrganizationRef? Organization(SearchQuery query)
    {
        if (query.Text("organization") is not { } text)
        {
            return null;
        }

        return !UuidText.TryParse(text, out var id) ? new OrganizationRef(null, text)
            : id == Guid.Empty ? null
            : new OrganizationRef(id, "");
    }

    private static string? Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static void Append(StringBuilder text, string key, string? value)
    {
        if (value is not null)
        {
            text.Append(text.Length == 0 ? "" : " ").Append(key).Append(":\"").Append(value).Append('"');
        }
    }

    private static Error Refuse(string field, string detail) => new(ErrorKind.Invalid, Message, null, [new FieldError(field, detail)]);
}
