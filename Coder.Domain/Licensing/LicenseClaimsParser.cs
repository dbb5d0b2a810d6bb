using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Coder.Domain.Common;

namespace Coder.Domain.Licensing;

/// <summary>
/// Reads the payload of a license token (docs/spec/licensing.md, 2.2, 4.1 and 7). Two steps, because a verifier judges signature and
/// times between them; <see cref="Parse"/> does both for a payload that is trusted already.
/// </summary>
public static class LicenseClaimsParser
{
    private static readonly long MinUnixSeconds = DateTimeOffset.MinValue.ToUnixTimeSeconds();
    private static readonly long MaxUnixSeconds = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>Reads a payload completely; the error is the one an upload answers with.</summary>
    /// <param name="payload">One JSON object in UTF-8.</param>
    public static Result<LicenseClaims> Parse(ReadOnlySpan<byte> payload) =>
        TryParse(payload, out var claims, out var reason) ? claims : reason.ToError();

    /// <summary>Reads a payload completely; the reason is the one that is kept with a stored license.</summary>
    /// <param name="payload">One JSON object in UTF-8.</param>
    /// <param name="claims">The claims, on success.</param>
    /// <param name="reason">What is wrong, otherwise.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> payload,
        [NotNullWhen(true)] out LicenseClaims? claims,
        [NotNullWhen(false)] out RejectionReason? reason)
    {
        claims = null;
        return TryRead(payload, out var read, out reason) && TryComplete(read, out claims, out reason);
    }

    /// <summary>
    /// First step: the types. <c>null</c> is absent, unknown claims are ignored, of equal names the last one counts, fractions of the
    /// times are cut.
    /// </summary>
    /// <param name="payload">One JSON object in UTF-8.</param>
    /// <param name="claims">The claims, on success.</param>
    /// <param name="reason"><see cref="RejectionReason.Malformed"/>, otherwise.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> payload,
        [NotNullWhen(true)] out UncheckedClaims? claims,
        [NotNullWhen(false)] out RejectionReason? reason)
    {
        try
        {
            claims = Read(JsonElement.Parse(payload));
        }
        catch (JsonException)
        {
            claims = null;
        }

        reason = claims is null ? RejectionReason.Malformed : null;
        return claims is not null;
    }

    /// <inheritdoc cref="TryRead(ReadOnlySpan{byte}, out UncheckedClaims?, out RejectionReason?)"/>
    public static bool TryRead(
        JsonElement payload,
        [NotNullWhen(true)] out UncheckedClaims? claims,
        [NotNullWhen(false)] out RejectionReason? reason)
    {
        claims = Read(payload);
        reason = claims is null ? RejectionReason.Malformed : null;
        return claims is not null;
    }

    /// <summary>Second step: the required claims, in the order version, iat, nbf, license_expires, exp, and then nbf against exp.</summary>
    /// <param name="read">What the first step gave.</param>
    /// <param name="claims">The claims, on success.</param>
    /// <param name="reason">What is missing, otherwise.</param>
    public static bool TryComplete(
        UncheckedClaims read,
        [NotNullWhen(true)] out LicenseClaims? claims,
        [NotNullWhen(false)] out RejectionReason? reason)
    {
        ArgumentNullException.ThrowIfNull(read);
        reason = read switch
        {
            { Version: not LicenseClaims.SupportedVersion } => RejectionReason.WrongVersion,
            { IssuedAt: null } => RejectionReason.IssuedAtMissing,
            { NotBefore: null } => RejectionReason.NotBeforeMissing,
            { LicenseExpires: null } => RejectionReason.LicenseExpiresMissing,
            { Expires: null } => RejectionReason.ExpiresMissing,
            _ when read.NotBefore > read.Expires => RejectionReason.NotBeforeAfterExpiry,
            _ => null,
        };
        claims = reason is null
            ? read.Rest with
            {
                Version = read.Version,
                IssuedAt = read.IssuedAt.GetValueOrDefault(),
                NotBefore = read.NotBefore.GetValueOrDefault(),
                LicenseExpires = read.LicenseExpires.GetValueOrDefault(),
                Expires = read.Expires.GetValueOrDefault(),
            }
            : null;
        return claims is not null;
    }

    private static UncheckedClaims? Read(JsonElement payload)
    {
        if (payload.ValueKind is not JsonValueKind.Object)
        {
            return null;
        }

        try
        {
            return Convert(LastOfEachName(payload));
        }
        catch (InvalidOperationException)
        {
            // Names and strings are decoded only when asked for, and that is how bytes or escapes that are no Unicode are reported.
            return null;
        }
    }

    private static UncheckedClaims? Convert(Dictionary<string, JsonElement> claims) =>
        TryInteger(claims, "version", out var version)
        && TryTime(claims, "iat", out var issuedAt)
        && TryTime(claims, "nbf", out var notBefore)
        && TryTime(claims, "license_expires", out var licenseExpires)
        && TryTime(claims, "exp", out var expires)
        && TryText(claims, "jti", out var id)
        && TryText(claims, "feature_set", out var featureSet)
        && TryFlag(claims, "all_features", out var allFeatures)
        && TryFlag(claims, "trial", out var trial)
        && TryFlag(claims, "require_telemetry", out var requireTelemetry)
        && TryFlag(claims, "publish_usage_data", out var publishUsageData)
        && TryFeatures(claims, out var features)
        && TryTexts(claims, "deployment_ids", out var deploymentIds)
            ? new UncheckedClaims(new LicenseClaims
            {
                IssuedAt = default,
                NotBefore = default,
                LicenseExpires = default,
                Expires = default,
                Id = Guid.TryParse(id, out var uuid) ? uuid : null,
                FeatureSet = FeatureSets.FromClaim(featureSet),
                AllFeatures = allFeatures,
                Features = features,
                Trial = trial,
                RequireTelemetry = requireTelemetry,
                PublishUsageData = publishUsageData,
                DeploymentIds = deploymentIds,
            })
            {
                Version = version,
                IssuedAt = issuedAt,
                NotBefore = notBefore,
                LicenseExpires = licenseExpires,
                Expires = expires,
            }
            : null;

    private static Dictionary<string, JsonElement> LastOfEachName(JsonElement parent)
    {
        var result = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in parent.EnumerateObject())
        {
            result[property.Name] = property.Value;
        }

        return result;
    }

    private static bool IsAbsent(Dictionary<string, JsonElement> claims, string name, out JsonElement value) =>
        !claims.TryGetValue(name, out value) || value.ValueKind is JsonValueKind.Null;

    private static bool TryInteger(Dictionary<string, JsonElement> claims, string name, out long integer)
    {
        integer = 0;
        return IsAbsent(claims, name, out var value) || IsInteger(value, out integer);
    }

    private static bool IsInteger(JsonElement value, out long integer)
    {
        integer = 0;
        return value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out integer);
    }

    private static bool TryTime(Dictionary<string, JsonElement> claims, string name, out DateTimeOffset? time)
    {
        time = null;
        if (IsAbsent(claims, name, out var value))
        {
            return true;
        }

        if (value.ValueKind is not JsonValueKind.Number || !value.TryGetDecimal(out var seconds))
        {
            return false;
        }

        seconds = decimal.Truncate(seconds);
        if (seconds < MinUnixSeconds || seconds > MaxUnixSeconds)
        {
            return false;
        }

        time = DateTimeOffset.FromUnixTimeSeconds((long)seconds);
        return true;
    }

    private static bool TryText(Dictionary<string, JsonElement> claims, string name, out string? text)
    {
        text = null;
        if (IsAbsent(claims, name, out var value))
        {
            return true;
        }

        text = value.ValueKind is JsonValueKind.String ? value.GetString() : null;
        return text is not null;
    }

    private static bool TryFlag(Dictionary<string, JsonElement> claims, string name, out bool flag)
    {
        flag = !IsAbsent(claims, name, out var value) && value.ValueKind is JsonValueKind.True;
        return value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False;
    }

    private static bool TryFeatures(Dictionary<string, JsonElement> claims, out Dictionary<string, long> features)
    {
        features = new Dictionary<string, long>(StringComparer.Ordinal);
        if (IsAbsent(claims, "features", out var value))
        {
            return true;
        }

        if (value.ValueKind is not JsonValueKind.Object)
        {
            return false;
        }

        var values = LastOfEachName(value);
        foreach (var name in values.Keys)
        {
            if (!TryInteger(values, name, out var integer))
            {
                return false;
            }

            features[name] = integer;
        }

        return true;
    }

    private static bool TryTexts(Dictionary<string, JsonElement> claims, string name, out List<string> texts)
    {
        texts = [];
        if (IsAbsent(claims, name, out var value))
        {
            return true;
        }

        if (value.ValueKind is not JsonValueKind.Array)
        {
            return false;
        }

        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
            {
                return false;
            }

            texts.Add(item.GetString() ?? string.Empty);
        }

        return true;
    }
}
