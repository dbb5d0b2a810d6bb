using System.Globalization;
using System.Text;
using Coder.Domain.Common;

namespace Coder.Domain.Licensing;

/// <summary>
/// Why a token is not taken as a license, as data: on upload it becomes an answer (<see cref="ToError"/>), for a stored one it goes
/// into the errors of the entitlements (docs/spec/licensing.md, rule 4.3.1 and section 6). It never holds a part of the token but a
/// shortened algorithm or key id.
/// </summary>
public sealed record RejectionReason
{
    private const int ForeignTextLength = 64;

    private readonly bool _isNamedAlone;

    private RejectionReason(string text, bool isNamedAlone = false)
    {
        Text = text;
        _isNamedAlone = isNamedAlone;
    }

    /// <summary>Not three base64url segments of JSON objects, or a claim has another type or is beyond its range.</summary>
    public static RejectionReason Malformed { get; } = new("token is malformed");

    /// <summary>More than 65,536 characters.</summary>
    public static RejectionReason TooLong { get; } = new("token is too long");

    /// <summary>The header names no key.</summary>
    public static RejectionReason KeyIdMissing { get; } = new("JOSE header must contain kid");

    /// <summary>The signature does not fit the key.</summary>
    public static RejectionReason BadSignature { get; } = new("signature is invalid");

    /// <summary>The time of issue is still to come; such a license would win every merge.</summary>
    public static RejectionReason UsedBeforeIssued { get; } = new("token used before issued");

    /// <summary>The license could never be in force.</summary>
    public static RejectionReason NotBeforeAfterExpiry { get; } = new("not before is after expiry");

    /// <summary>The claim <c>version</c> is not 3.</summary>
    public static RejectionReason WrongVersion { get; } = new("license must be version 3", isNamedAlone: true);

    /// <summary>The claim <c>iat</c> is absent.</summary>
    public static RejectionReason IssuedAtMissing { get; } = Missing("iat (issued at)");

    /// <summary>The claim <c>nbf</c> is absent.</summary>
    public static RejectionReason NotBeforeMissing { get; } = Missing("nbf (not before)");

    /// <summary>The claim <c>license_expires</c> is absent.</summary>
    public static RejectionReason LicenseExpiresMissing { get; } = Missing("license_expires");

    /// <summary>The claim <c>exp</c> is absent.</summary>
    public static RejectionReason ExpiresMissing { get; } = Missing("exp (expires at)");

    /// <summary>The reason as one phrase, without a full stop.</summary>
    public string Text { get; }

    /// <summary>The header names another algorithm than EdDSA.</summary>
    /// <param name="algorithm">As it stands in the token; cut to 64 printable characters.</param>
    public static RejectionReason SigningMethod(string? algorithm) => new($"signing method {Printable(algorithm)} is invalid");

    /// <summary>The key is not among the trusted ones.</summary>
    /// <param name="keyId">As it stands in the token; cut to 64 printable characters.</param>
    public static RejectionReason UnknownKey(string? keyId) => new($"no key with ID {Printable(keyId)}");

    /// <summary>The expiry has passed.</summary>
    /// <param name="since">Time since the expiry; cut to whole seconds, hours are not folded into days.</param>
    public static RejectionReason ExpiredBy(TimeSpan since) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"token is expired by {(long)since.TotalHours}h{since.Minutes}m{since.Seconds}s"));

    /// <summary>The answer to the upload of such a token: <c>Invalid license</c> with the detail of section 6.</summary>
    public Error ToError() => new(
        ErrorKind.Invalid,
        "Invalid license",
        _isNamedAlone ? Text : $"license has multiple issues; contact support: {Text}");

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static RejectionReason Missing(string claim) => new($"license has invalid or missing {claim} claim", isNamedAlone: true);

    private static string Printable(string? text)
    {
        var result = new StringBuilder();
        var count = 0;
        foreach (var rune in (text ?? string.Empty).EnumerateRunes())
        {
            if (!IsPrintable(rune))
            {
                continue;
            }

            if (++count > ForeignTextLength)
            {
                break;
            }

            result.Append(rune);
        }

        return result.ToString();
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or
        UnicodeCategory.Format or
        UnicodeCategory.LineSeparator or
        UnicodeCategory.ParagraphSeparator or
        UnicodeCategory.PrivateUse or
        UnicodeCategory.Surrogate or
        UnicodeCategory.OtherNotAssigned);
}
