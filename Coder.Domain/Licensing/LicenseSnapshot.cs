namespace Coder.Domain.Licensing;

/// <summary>
/// All licenses merged at one instant, as far as the instant matters: everything an answer says follows from this, the usage and the
/// switches. Two snapshots that are the same give the same answer.
/// </summary>
internal sealed class LicenseSnapshot
{
    private readonly List<string> _errors = [];
    private uint _entitled;
    private uint _grace;

    private LicenseSnapshot()
    {
    }

    public bool HasLicense { get; private set; }

    public bool Trial { get; private set; }

    public bool RequireTelemetry { get; private set; }

    /// <summary>The number of the expiry warning; 0 for none.</summary>
    public int WarnOfDays { get; private set; }

    /// <summary>The end of the term around this instant, or <see langword="null"/> outside of all terms and at their ends.</summary>
    public DateTimeOffset? TermEnd { get; private set; }

    public Feature? Users { get; private set; }

    public Feature? Agents { get; private set; }

    /// <summary>Sorted by text, because nothing may depend on the order of upload.</summary>
    public IReadOnlyList<string> Errors => _errors;

    public static LicenseSnapshot At(DateTimeOffset instant, LicenseBook book)
    {
        var ticks = instant.UtcTicks;
        var snapshot = new LicenseSnapshot { Trial = true, Users = book.UsersAt(ticks), Agents = book.AgentsAt(ticks) };
        var lacksTelemetry = false;
        foreach (var offer in book.Offers)
        {
            if (offer.Claims is not { } claims)
            {
                snapshot._errors.AddRange(offer.Errors.AsSpan());
            }
            else if (offer.LevelAt(ticks) is var level && level.IsCovered())
            {
                snapshot.Add(offer, claims, level);
            }
            else
            {
                lacksTelemetry |= offer.IsBlockedByTelemetry && !LicenseTimes.IsExpired(claims.Expires, instant);
            }
        }

        if (lacksTelemetry)
        {
            snapshot._errors.Add("License requires telemetry but telemetry is disabled");
        }

        snapshot._errors.Sort(StringComparer.Ordinal);
        snapshot.Trial &= snapshot.HasLicense;
        snapshot.TermEnd = LicenseTerms.Around(book.Blocks, instant)?.End;
        var days = LicenseTerms.DaysLeft(book.Blocks, instant);
        snapshot.WarnOfDays = days < LicenseTerms.QuietFrom(snapshot.Trial) ? days : 0;
        return snapshot;
    }

    /// <summary>The level of a feature that has no number.</summary>
    public Entitlement LevelOf(FeatureName feature) => (_entitled & feature.Bit()) != 0 ? Entitlement.Entitled
        : (_grace & feature.Bit()) != 0 ? Entitlement.GracePeriod
        : Entitlement.NotEntitled;

    public bool IsSameAs(LicenseSnapshot other) =>
        HasLicense == other.HasLicense
        && Trial == other.Trial
        && RequireTelemetry == other.RequireTelemetry
        && TermEnd == other.TermEnd
        && WarnOfDays == other.WarnOfDays
        && _entitled == other._entitled
        && (_grace & ~_entitled) == (other._grace & ~other._entitled)
        && Users == other.Users
        && Agents == other.Agents
        && _errors.SequenceEqual(other._errors, StringComparer.Ordinal);

    private void Add(LicenseOffer offer, LicenseClaims claims, Entitlement level)
    {
        HasLicense = true;
        Trial &= claims.Trial;
        RequireTelemetry |= claims.RequireTelemetry;
        _errors.AddRange(offer.Errors.AsSpan());

        // Offers of a feature without a number can differ in nothing but the level, so that rule 4.4 comes down to a union of bits.
        if (level is Entitlement.Entitled)
        {
            _entitled |= offer.Plain;
        }
        else
        {
            _grace |= offer.Plain;
        }
    }
}
