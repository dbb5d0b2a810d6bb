namespace Coder.Domain.Licensing;

/// <summary>The times of a token against now, without leeway (docs/spec/licensing.md, 4.1).</summary>
public static class LicenseTimes
{
    /// <summary>
    /// Whether the times forbid the upload. Absent claims pass here: they are reported afterwards by name. A license that is not
    /// valid yet may be uploaded, so that is no reason.
    /// </summary>
    /// <returns><see langword="null"/> when nothing is wrong.</returns>
    public static RejectionReason? Check(UncheckedClaims claims, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(claims);
        if (claims.Expires is { } expires && IsExpired(expires, now))
        {
            return RejectionReason.ExpiredBy(now - expires);
        }

        return claims.IssuedAt is { } issuedAt && now < issuedAt ? RejectionReason.UsedBeforeIssued : null;
    }

    /// <inheritdoc cref="Check(UncheckedClaims, DateTimeOffset)"/>
    public static RejectionReason? Check(LicenseClaims claims, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(claims);
        return IsExpired(claims.Expires, now) ? RejectionReason.ExpiredBy(now - claims.Expires)
            : now < claims.IssuedAt ? RejectionReason.UsedBeforeIssued
            : null;
    }

    /// <summary>Whether the license is in force only later.</summary>
    public static bool IsNotYetValid(LicenseClaims claims, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(claims);
        return now < claims.NotBefore;
    }

    internal static bool IsExpired(DateTimeOffset expires, DateTimeOffset now) => now >= expires;
}
