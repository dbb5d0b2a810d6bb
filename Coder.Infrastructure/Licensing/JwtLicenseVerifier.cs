using System.Diagnostics.CodeAnalysis;
using System.Text;
using Coder.Application.Licensing;
using Coder.Domain.Common;
using Coder.Domain.Licensing;

namespace Coder.Infrastructure.Licensing;

/// <summary>Verifies license tokens against the trusted keys, in the order of docs/spec/licensing.md, 4.1.</summary>
/// <remarks>
/// The signature goes through Microsoft.IdentityModel with <see cref="Ed25519CryptoProvider"/>, but not the payload: its token
/// handler refuses tokens whose <c>iss</c>, <c>sub</c> or <c>aud</c> have unusual types, which licenses may have, judges times by the
/// system clock, and reports by exceptions that quote the token.
/// </remarks>
internal sealed class JwtLicenseVerifier(TrustedLicenseKeys keys) : ILicenseVerifier
{
    /// <summary>The longest token that is looked at, in characters.</summary>
    public const int MaxTokenLength = 65_536;

    private readonly VerdictCache _verdicts = new(capacity: 1024);

    /// <inheritdoc/>
    public Result<VerifiedLicense> Verify(string token, DateTimeOffset now)
    {
        var trimmed = token.Trim();
        if (!TryAuthenticate(trimmed, out var read, out var payload, out var reason))
        {
            return reason.ToError();
        }

        if (LicenseTimes.Check(read, now) is { } untimely)
        {
            return untimely.ToError();
        }

        return LicenseClaimsParser.TryComplete(read, out var claims, out reason)
            ? new VerifiedLicense(trimmed, claims, Encoding.UTF8.GetString(payload))
            : reason.ToError();
    }

    /// <inheritdoc/>
    public StoredLicense Read(int id, Guid uuid, string token)
    {
        var verdict = _verdicts.GetOrAdd(id, token, Judge);
        return verdict.Claims is { } claims ? new StoredLicense(id, uuid, claims) : new StoredLicense(id, uuid, verdict.Rejection!);
    }

    private Verdict Judge(string token) =>
        TryAuthenticate(token.Trim(), out var read, out _, out var reason)
        && LicenseClaimsParser.TryComplete(read, out var claims, out reason)
            ? new Verdict(claims, null)
            : new Verdict(null, reason);

    private bool TryAuthenticate(
        string token,
        [NotNullWhen(true)] out UncheckedClaims? claims,
        out byte[] payload,
        [NotNullWhen(false)] out RejectionReason? reason)
    {
        claims = null;
        payload = [];
        if (token.Length > MaxTokenLength)
        {
            reason = RejectionReason.TooLong;
            return false;
        }

        var segments = token.Split('.', 4);
        if (segments.Length != 3
            || !LicensePayload.TryDecodeSegment(segments[0], out var headerJson)
            || !LicensePayload.TryDecodeSegment(segments[1], out payload)
            || !LicensePayload.TryDecodeSegment(segments[2], out var signature)
            || !JoseHeader.TryParse(headerJson, out var header))
        {
            reason = RejectionReason.Malformed;
            return false;
        }

        if (header.Algorithm != Ed25519CryptoProvider.Algorithm)
        {
            reason = RejectionReason.SigningMethod(header.Algorithm);
            return false;
        }

        if (header.KeyId is not { } keyId)
        {
            reason = RejectionReason.KeyIdMissing;
            return false;
        }

        if (keys.Find(keyId) is not { } key)
        {
            reason = RejectionReason.UnknownKey(keyId);
            return false;
        }

        if (!LicensePayload.IsObject(payload))
        {
            reason = RejectionReason.Malformed;
            return false;
        }

        if (!LicenseClaimsParser.TryRead(payload, out claims, out reason))
        {
            return false;
        }

        var signed = Encoding.ASCII.GetBytes(token, 0, segments[0].Length + 1 + segments[1].Length);
        var provider = key.CryptoProviderFactory.CreateForVerifying(key, Ed25519CryptoProvider.Algorithm);
        reason = provider.Verify(signed, signature) ? null : RejectionReason.BadSignature;
        return reason is null;
    }
}
