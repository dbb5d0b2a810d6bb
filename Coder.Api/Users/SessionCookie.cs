using Coder.Api.Authentication;

namespace Coder.Api.Users;

/// <summary>The attributes of the session cookie (docs/spec/platform.md, section 5.5).</summary>
/// <param name="Secure">For https only.</param>
/// <param name="SameSite">Lax or none.</param>
internal sealed record SessionCookie(bool Secure, SameSiteMode SameSite)
{
    /// <summary>Gives the cookie to the browser; it ends with the browser's session.</summary>
    public void Set(HttpResponse response, string token) => response.Cookies.Append(Credentials.SessionToken, token, Options(null));

    /// <summary>Takes the cookie back.</summary>
    public void Clear(HttpResponse response) => response.Cookies.Append(Credentials.SessionToken, "", Options(TimeSpan.Zero));

    private CookieOptions Options(TimeSpan? maxAge) => new()
    {
        Path = "/",
        HttpOnly = true,
        IsEssential = true,
        Secure = Secure,
        SameSite = SameSite,
        MaxAge = maxAge,
    };
}
