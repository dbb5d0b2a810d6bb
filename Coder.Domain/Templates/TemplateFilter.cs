using Coder.Domain.Common;

namespace Coder.Domain.Templates;

/// <summary>Which templates a search asks for; all given parts must hold, and <see langword="null"/> asks for nothing.</summary>
public sealed record TemplateFilter
{
    /// <summary>Asks for all that are not deleted.</summary>
    public static TemplateFilter Everything { get; } = new();

    /// <summary>Each of these lower-case texts stands somewhere in the name.</summary>
    public IReadOnlyList<string> Name { get; init; } = [];

    /// <summary>The name, without regard to case.</summary>
    public string? ExactName { get; init; }

    /// <summary>An id or a lower-case name.</summary>
    public string? Organization { get; init; }

    /// <summary>One of these, if there are any.</summary>
    public IReadOnlyList<Guid> Ids { get; init; } = [];

    /// <summary>Only those that are, or are not, deprecated.</summary>
    public bool? IsDeprecated { get; init; }

    /// <summary>Those that are deleted, instead of those that are not.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>Only those whose active version has, or has not, an AI task.</summary>
    public bool? HasAiTask { get; init; }

    /// <summary>Only those whose active version has, or has not, an external agent.</summary>
    public bool? HasExternalAgent { get; init; }

    /// <summary>The lower-case username of who made the template; <c>me</c> is whoever asks.</summary>
    public string? Author { get; init; }

    /// <summary>Who made the template.</summary>
    public Guid? AuthorId { get; init; }
}

/// <summary>Reads the search text of the list of templates (docs/spec/workspaces.md, section 6).</summary>
public static class TemplateQueryParser
{
    private const string Message = "Invalid template search query.";

    /// <summary>The author who asks.</summary>
    public const string Me = "me";

    /// <summary>Reads a search text.</summary>
    /// <returns>The filter, or <c>Invalid template search query.</c> with an error for each key.</returns>
    public static Result<TemplateFilter> Parse(string text)
    {
        const string Name = "name";
        if (SearchQuery.Refusal(text, Message) is { } refusal)
        {
            return refusal;
        }

        var query = SearchQuery.Parse(text, Name);
        var filter = new TemplateFilter
        {
            Name = [.. query.Whole(Name).Select(word => word.Trim('"')).Where(word => word.Length > 0)],
            ExactName = query.Text("exact_name"),
            Organization = query.Text("organization"),
            Ids = Ids(query),
            IsDeprecated = Flag(query, "deprecated"),
            IsDeleted = Flag(query, "deleted") == true,
            HasAiTask = Flag(query, "has-ai-task"),
            HasExternalAgent = Flag(query, "has_external_agent"),
            Author = query.Text("author"),
            AuthorId = query.Uuid("author_id"),
        };
        return query.Finish(filter, Message);
    }

    /// <summary>The refusal of a search for an organization that is not there or that the caller may not see.</summary>
    public static Error UnknownOrganization(string name) => new(
        ErrorKind.Invalid,
        Message,
        null,
        [
            new FieldError(
                "organization", $"Query param \"organization\" must be an existing uuid or name: organization \"{name}\" not found"),
        ]);

    private static List<Guid> Ids(SearchQuery query)
    {
        var ids = new List<Guid>();
        foreach (var text in query.Texts("ids"))
        {
            if (!Guid.TryParseExact(text, "D", out var id))
            {
                query.Refuse("ids", $"Query param \"ids\" must be a list of valid uuids: \"{text}\" is none");
                break;
            }

            ids.Add(id);
        }

        return ids;
    }

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
