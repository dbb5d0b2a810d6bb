using Coder.Domain.Authorization;
using Coder.Domain.Common;

namespace Coder.Domain.Users;

/// <summary>Reads the search text of the list of users (docs/spec/platform.md, section 8.2).</summary>
public static class UserQueryParser
{
    private const string Message = "Invalid user search query.";

    /// <summary>Reads a search text.</summary>
    /// <returns>The filter, or <c>Invalid user search query.</c> with an error for each key.</returns>
    public static Result<UserFilter> Parse(string text)
    {
        const string Search = "search";
        if (SearchQuery.Refusal(text, Message) is { } refusal)
        {
            return refusal;
        }

        var query = SearchQuery.Parse(text, Search);
        var roles = query.Texts("role");
        var filter = new UserFilter
        {
            Search = [.. query.Whole(Search).Select(word => word.Trim('"')).Where(word => word.Length > 0)],
            Statuses = query.AnyOf("status", UserWireNames.FindUserStatus),
            Roles = roles.Contains(RoleNames.Member, StringComparer.Ordinal) ? [] : roles,
            LastSeenBefore = query.Time("last_seen_before"),
            LastSeenAfter = query.Time("last_seen_after"),
            CreatedBefore = query.Time("created_before"),
            CreatedAfter = query.Time("created_after"),
            GithubUserId = query.Number("github_com_user_id"),
            LoginTypes = query.AnyOf("login_type", UserWireNames.FindLoginType),
        };
        return query.Finish(filter, Message);
    }
}
