using System.Security.Cryptography;
using System.Text;
using Coder.Api.Authentication;
using Coder.Api.Deployment;

namespace Coder.Api.Csrf;

/// <summary>
/// Whether a request that a browser authenticates by itself, with the session cookie, comes from a page of ours
/// (docs/spec/platform.md, section 5.5).
/// </summary>
internal static class CsrfRule
{
    /// <summary>The header with a twin of the cookie.</summary>
    public const string TokenHeader = "X-CSRF-TOKEN";

    /// <summary>The answer when the origin is not proved.</summary>
    public const string Refused =
        "Something is wrong with your CSRF token. Please refresh the page. If this error persists, try clearing your cookies.";

    /// <summary>The answer when, besides, two different sessions were sent.</summary>
    public const string Mismatch =
        $"The cookie \"{Credentials.SessionToken}\" and the header \"{Credentials.SessionTokenHeader}\" carry different sessions. "
        + "Send only one of them, or the same in both. If this error persists, try clearing your cookies.";

    private static readonly PathString[] Guarded = ["/api", "/oauth2"];

    // They have credentials, or rules, of their own.
    private static readonly PathString[] Exempt =
    [
        "/api/v2/users/first",
        "/api/v2/csp/reports",
        "/api/v2/workspaceagents",
        "/api/v2/workspaceproxies/me",
        "/api/v2/scim",
        "/api/experimental/mcp",
    ];

    private static readonly string[] CredentialHeaders = ["Coder-Provisioner-Daemon-Key", "Coder-Provisioner-Daemon-PSK"];

    /// <summary>Judges a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="accessUrl">The public URL of the deployment.</param>
    /// <returns>The text of the refusal, or <see langword="null"/>.</returns>
    public static string? Judge(HttpRequest request, AccessUrl accessUrl)
    {
        if (IsSafe(request.Method) || request.Cookies[Credentials.SessionToken] is not { Length: > 0 } session || !IsGuarded(request.Path))
        {
            return null;
        }

        var header = request.Headers[Credentials.SessionTokenHeader].ToString();
        if (IsSame(header, session)
            || IsSame(request.Query[Credentials.SessionToken].ToString(), session)
            || Credentials.Bearer(request.Headers.Authorization) is not null
            || CredentialHeaders.Any(name => request.Headers[name].ToString().Length > 0)
            || IsOfOurs(request, accessUrl))
        {
            return null;
        }

        return header.Length > 0 ? Mismatch : Refused;
    }

    private static bool IsOfOurs(HttpRequest request, AccessUrl accessUrl)
    {
        // Existing pages send an empty one.
        if (request.Headers[TokenHeader].ToString() is { Length: > 0 } twin)
        {
            return CsrfTokens.IsTwin(request.Cookies[CsrfTokens.CookieName], twin);
        }

        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site)
        {
            return site is "same-origin" or "none";
        }

        return request.Headers.Origin.ToString() is { Length: > 0 } origin
            && (IsOrigin(origin, $"{request.Scheme}://{request.Host.Value}") || IsOrigin(origin, accessUrl.Value));
    }

    // The default port may be named or not, and the access URL may have a path.
    private static bool IsOrigin(string origin, string url) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var theirs)
        && Uri.TryCreate(url, UriKind.Absolute, out var ours)
        && Uri.Compare(theirs, ours, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);

    private static bool IsGuarded(PathString path) =>
        Guarded.Any(p => path.StartsWithSegments(p, StringComparison.OrdinalIgnoreCase))
        && !Exempt.Any(p => path.StartsWithSegments(p, StringComparison.OrdinalIgnoreCase));

    private static bool IsSame(string value, string session) =>
        value.Length > 0 && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(value), Encoding.UTF8.GetBytes(session));
}
