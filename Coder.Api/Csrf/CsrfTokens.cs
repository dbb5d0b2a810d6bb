using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using Coder.Api.Users;

namespace Coder.Api.Csrf;

/// <summary>
/// The cookie <c>csrf_token</c> and its masked twins, which pages of ours publish as <c>&lt;meta property="csrf-token"&gt;</c>
/// (docs/spec/platform.md, section 5.5). Another site can send the cookie but can not read the page.
/// </summary>
internal sealed class CsrfTokens(SessionCookie cookie)
{
    /// <summary>The name of the cookie.</summary>
    public const string CookieName = "csrf_token";

    private const int Length = 32;

    /// <summary>Gives the browser the cookie, unless it has one, and makes a twin of it for the page.</summary>
    /// <returns>Different each time, so that compression of the page gives nothing away.</returns>
    public string Issue(HttpContext context)
    {
        Span<byte> token = stackalloc byte[Length];
        if (!TryRead(context.Request.Cookies[CookieName], token))
        {
            RandomNumberGenerator.Fill(token);
            context.Response.Cookies.Append(CookieName, Base64Url.EncodeToString(token), new CookieOptions
            {
                Path = "/",
                HttpOnly = true,
                IsEssential = true,
                Secure = cookie.Secure,
                SameSite = cookie.SameSite,
            });
        }

        Span<byte> masked = stackalloc byte[2 * Length];
        RandomNumberGenerator.Fill(masked[..Length]);
        Mix(token, masked[..Length], masked[Length..]);
        return Base64Url.EncodeToString(masked);
    }

    /// <summary>Whether a value is a twin of a cookie, in a time that depends on neither.</summary>
    public static bool IsTwin(string? cookieValue, string twin)
    {
        Span<byte> token = stackalloc byte[Length];
        Span<byte> masked = stackalloc byte[2 * Length];
        if (!TryRead(cookieValue, token) || !TryRead(twin, masked))
        {
            return false;
        }

        Span<byte> plain = stackalloc byte[Length];
        Mix(masked[Length..], masked[..Length], plain);
        return CryptographicOperations.FixedTimeEquals(plain, token);
    }

    private static void Mix(ReadOnlySpan<byte> value, ReadOnlySpan<byte> mask, Span<byte> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = (byte)(value[i] ^ mask[i]);
        }
    }

    private static bool TryRead(string? text, Span<byte> bytes) =>
        text is not null
        && text.Length == Base64Url.GetEncodedLength(bytes.Length)
        && Base64Url.DecodeFromChars(text, bytes, out _, out var written) == OperationStatus.Done
        && written == bytes.Length;
}
