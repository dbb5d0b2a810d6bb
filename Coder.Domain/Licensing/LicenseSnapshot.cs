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
    private FeatureCandidate? _users;
    private FeatureCandidate? _agents;

    private LicenseSnapshot()
    {
    }

    public bool HasLicense { get; private set; }

    public bool Trial { get; private set; }

    public bool RequireTelemetry { get; private set; }

    /// <summary>The number of the expiry warning; 0 for none.</summary>
    public int WarnOfDays { get; private set; }

    public Feature? Users => _users?.Feature;

    public Feature? Agents => _agents?.Feature;

    public IReadOnlyList<string> Errors => _errors;

    public static LicenseSnapshot At(DateTimeOffset instant, IReadOnlyList<LicenseOffer> offers, IReadOnlyList<LicenseTerm> blocks)
    {
        var snapshot = new LicenseSnapshot { Trial = true };
        var blockedByTelemetry = false;
        for (var i = 0; i < offers.Count; i++)
        {
            var offer = offers[i];
            if (offer.Claims is not { } claims)
            {
                snapshot._errors.AddRange(offer.Errors.AsSpan());
            }
            else if (LicenseTimes.IsExpired(claims.Expires, instant))
            {
                continue;
            }
            else if (offer.IsBlockedByTelemetry)
            {
                if (!blockedByTelemetry)
                {
                    snapshot._errors.Add("License requires telemetry but telemetry is disabled");
                    blockedByTelemetry = true;
                }
            }
            else if (!LicenseTimes.IsNotYetValid(claims, instant))
            {
                snapshot.Add(offer, claims, instant);
            }
        }

        snapshot.Trial &= snapshot.HasLicense;
        var days = LicenseTerms.DaysLeft(blocks, instant);
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
        && WarnOfDays == other.WarnOfDays
        && _entitled == other._entitled
        && (_grace & ~_entitled) == (other._grace & ~other._entitled)
        && Users == other.Users
        && Agents == other.Agents
        && _errors.SequenceEqual(other._errors, StringComparer.Ordinal);

    private void Add(LicenseOffer offer, LicenseClaims claims, DateTimeOffset instant)
    {
        HasLicense = true;
        Trial &= claims.Trial;
        RequireTelemetry |= claims.RequireTelemetry;
        _errors.AddRange(offer.Errors.AsSpan());

        // Offers of a feature without a number can differ in nothing but the level, so that rule 4.4 comes down to a union of bits.
        var level = instant > claims.LicenseExpires ? Entitlement.GracePeriod : Entitlement.Entitled;
        if (level is Entitlement.Entitled)
        {
            _entitled |= offer.Plain;
        }
        else
        {
            _grace |= offer.Plain;
        }

        _users = Better(_users, offer.Users(level));
        _agents = Better(_agents, offer.Agents(level));
    }

    private static FeatureCandidate? Better(FeatureCandidate? current, FeatureCandidate? offered) =>
        current is not { } old ? offered
        : offered is { } candidate && FeatureMerge.Compare(candidate, old) > 0 ? offered
        : current;
}
