using Coder.Domain.Common;

namespace Coder.Domain.Workspaces;

/// <summary>Reads the search text of the list of workspaces (docs/spec/workspaces.md, section 7.4).</summary>
/// <remarks>
/// Words without a key are parts of names; <c>owner/name</c> names the owner too. <c>param:name</c> asks for a parameter and
/// <c>param:"name=value"</c> for its value. Of words and parameters all must match. The status <c>started</c> is <c>running</c>.
/// </remarks>
public static class WorkspaceQueryParser
{
    private const string Message = "Invalid workspace search query.";
    private const string Owner = "owner";
    private const string Words = "";
    private const string LastUsedAfter = "last_used_after";
    private const string LastUsedBefore = "last_used_before";

    /// <summary>Reads a search text.</summary>
    /// <returns>The filter, or <c>Invalid workspace search query.</c> with an error for each key.</returns>
    public static Result<WorkspaceFilter> Parse(string text)
    {
        if (SearchQuery.Refusal(text, Message) is { } refusal)
        {
            return refusal;
        }

        var query = SearchQuery.Parse(text, Words, LastUsedAfter, LastUsedBefore);
        var (owner, names) = ReadNames(query);
        var parameters = query.Whole("param");
        var filter = new WorkspaceFilter
        {
            Ids = ReadIds(query),
            Owner = owner,
            Names = names,
            Template = query.Text("template"),
            Status = query.OneOf("status", FindStatus),
            HasAgent = query.OneOf("has-agent", name => AgentStatuses.TryParse(name, out var status) ? status : (AgentStatus?)null),
            IsDormant = Flag(query, "dormant"),
            LastUsedAfter = query.Time(LastUsedAfter),
            LastUsedBefore = query.Time(LastUsedBefore),
            IsOutdated = Flag(query, "outdated"),
            HasAiTask = Flag(query, "has-ai-task"),
            HasExternalAgent = Flag(query, "has_external_agent"),
            IsPrebuild = Flag(query, "is_prebuild"),
            Organization = query.Text("organization"),
            HasParameters = [.. parameters.Where(p => !p.Contains('=', StringComparison.Ordinal))],
            ParameterValues = [.. parameters.Where(p => p.Contains('=', StringComparison.Ordinal))],
        };
        return query.Finish(filter, Message);
    }

    /// <summary>The answer to an organization that does not exist or that the caller may not read, in the same words.</summary>
    public static Error UnknownOrganization(string name) => new(
        ErrorKind.Invalid,
        Message,
        null,
        [
            new FieldError(
                "organization",
                $"Query param \"organization\" has invalid value: organization \"{name}\" either does not exist, or you are unauthorized to view it"),
        ]);

    private static (string? Owner, IReadOnlyList<string> Names) ReadNames(SearchQuery query)
    {
        var owners = new List<string>();
        var names = new List<string>();
        if (query.Text(Owner) is { } owner)
        {
            owners.Add(owner);
        }

        if (query.Text("name") is { } name)
        {
            names.Add(name);
        }

        foreach (var word in query.Whole(Words).Select(word => word.Trim('"')))
        {
            if (word.Split('/') is not { Length: <= 2 } pieces)
            {
                query.Refuse("q", $"Query element \"{word}\" can only contain 1 '/'");
                continue;
            }

            names.Add(pieces[^1]);
            if (pieces.Length == 2)
            {
                owners.Add(pieces[0]);
            }
        }

        owners.RemoveAll(string.IsNullOrEmpty);
        names.RemoveAll(string.IsNullOrEmpty);
        if (owners.Count > 1)
        {
            query.Refuse(
                Owner,
                $"Query param \"{Owner}\" provided more than once, found {owners.Count} times. Only provide 1 instance of this query param.");
        }

        return (owners.Count == 0 ? null : owners[0], names);
    }

    private static List<Guid>? ReadIds(SearchQuery query)
    {
        var texts = query.Texts("id");
        if (texts.Count == 0)
        {
            return null;
        }

        var ids = new List<Guid>(texts.Count);
        foreach (var text in texts)
        {
            if (Guid.TryParseExact(text, "D", out var id))
            {
                ids.Add(id);
            }
            else
            {
                query.Refuse("id", $"Query param \"id\" has invalid value: \"{text}\" must be a valid uuid");
            }
        }

        return ids;
    }

    private static WorkspaceStatus? FindStatus(string name) =>
        name == "started" ? WorkspaceStatus.Running : WorkspaceStatuses.TryParse(name, out var status) ? status : null;

    private static bool? Flag(SearchQuery query, string key)
    {
        switch (query.Text(key))
        {
            case null:
                return null;
            case "1" or "t" or "true":
                return true;
            case "0" or "f" or "false":
                return false;
            case var text:
                query.Refuse(key, $"Query param \"{key}\" must be a valid boolean: \"{text}\" is none");
                return null;
        }
    }
}
