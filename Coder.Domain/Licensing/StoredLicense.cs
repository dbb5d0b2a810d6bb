namespace Coder.Domain.Licensing;

/// <summary>One license of a deployment: its claims, or the reason why it is worth nothing. Exactly one of the two is there.</summary>
public sealed record StoredLicense
{
    /// <summary>A license whose signature was found good.</summary>
    public StoredLicense(int licenseId, Guid uuid, LicenseClaims claims)
    {
        ArgumentNullException.ThrowIfNull(claims);
        LicenseId = licenseId;
        Uuid = uuid;
        Claims = claims;
    }

    /// <summary>A license that cannot be taken; it shows up in the errors of the entitlements.</summary>
    public StoredLicense(int licenseId, Guid uuid, RejectionReason rejection)
    {
        ArgumentNullException.ThrowIfNull(rejection);
        LicenseId = licenseId;
        Uuid = uuid;
        Rejection = rejection;
    }

    /// <summary>Number of the row, for hosts; no result depends on it.</summary>
    public int LicenseId { get; }

    /// <summary>The license's own id, named in errors.</summary>
    public Guid Uuid { get; }

    /// <summary>What the license says, or <see langword="null"/> when it is rejected.</summary>
    public LicenseClaims? Claims { get; }

    /// <summary>Why the license is rejected, or <see langword="null"/>.</summary>
    public RejectionReason? Rejection { get; }
}
