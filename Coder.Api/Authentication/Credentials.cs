namespace Coder.Api.Authentication;

/// <summary>Where a request carries its credential (docs/spec/platform.md, section 5.1).</summary>
internal static class Credentials
{
    /// <summary>The name of the cookie and of the query parameter.</summary>
    public const string SessionToken = "coder_session_token";

    /// <summary>The name of the header.</summary>
    public const string SessionTokenHeader = "Coder-Session-Token";

    private const string AccessToken = "access_token";
    private const string BearerPrefix = "Bearer ";

    /// <summary>The first credential that is not empty, in the order of the specification.</summary>
    public static string? Find(HttpRequest request)
    {
        if (request.Cookies.TryGetValue(SessionToken, out var cookie) && cookie.Length > 0)
        {
            return cookie;
        }

        var hasQuery = request.QueryString.HasValue;
        if (hasQuery && FirstOf(request.Query[SessionToken]) is { } query)
        {
            return query;
        }

        if (FirstOf(request.Headers[SessionTokenHeader]) is { } header)
        {
            return header;
        }

        return Bearer(request.Headers.Authorization) ?? (hasQuery ? FirstOf(request.Query[AccessToken]) : null);
    }

    /// <summary>The token of the Authorization header.</summary>
    public static string? Bearer(Microsoft.Extensions.Primitives.StringValues authorization) =>
        FirstOf(authorization) is { } value
        && value.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase)
        && value.AsSpan(BearerPrefix.Length).Trim() is { Length: > 0 } token
            ? token.ToString()
            : null;

    private static string? FirstOf(Microsoft.Extensions.Primitives.StringValues values) =>
        values.Count > 0 && values[0] is { Length: > 0 } value ? value : null;
}
