using System.Collections.Immutable;

namespace Coder.Domain.Licensing;

/// <summary>One license prepared so that merging it at any instant is a few comparisons; finding the next change merges often.</summary>
internal sealed class LicenseOffer
{
    private static readonly uint PremiumBits = BitsOf(FeatureSet.Premium);
    private static readonly uint EnterpriseBits = BitsOf(FeatureSet.Enterprise);

    private readonly Guid _uuid;
    private readonly DateTimeOffset _issuedAt;
    private readonly long _firstTick = long.MaxValue;
    private readonly long _lastTickOfTerm;
    private readonly long _lastTick;

    private LicenseOffer(string rejection) => Errors = [rejection];

    private LicenseOffer(Guid uuid, LicenseClaims claims, DeploymentUsage usage)
    {
        _uuid = uuid;
        _issuedAt = claims.IssuedAt;
        Claims = claims;
        IsBlockedByTelemetry = claims.RequireTelemetry && !usage.TelemetryEnabled;
        if (IsBlockedByTelemetry)
        {
            return;
        }

        _firstTick = claims.NotBefore.UtcTicks;
        _lastTickOfTerm = claims.LicenseExpires.UtcTicks;
        _lastTick = claims.Expires.UtcTicks - 1;
        var errors = ImmutableArray<string>.Empty;
        var set = claims.EffectiveFeatureSet;
        Plain = set switch
        {
            FeatureSet.Premium => PremiumBits,
            FeatureSet.Enterprise => EnterpriseBits,
            _ => 0,
        };
        long? soft = null;
        long? hard = null;
        var seats = 0L;
        foreach (var (name, value) in claims.Features)
        {
            if (name == ManagedAgentLimits.SoftName)
            {
                soft = value < 0 ? null : value;
            }
            else if (name == ManagedAgentLimits.HardName)
            {
                hard = value < 0 ? null : value;
            }
            else if (!FeatureNames.TryParse(name, out var feature))
            {
                continue;
            }
            else if (feature is FeatureName.ManagedAgentLimit)
            {
                errors = errors.Add("Feature managed_agent_limit is forbidden to be set in a license.");
            }
            else if (value > 0 && feature is FeatureName.UserLimit)
            {
                seats = value;
            }
            else if (value > 0)
            {
                Plain |= feature.Bit();
            }
        }

        if (seats > 0)
        {
            Users = new Feature { Enabled = true, Limit = seats, Actual = usage.ActiveUsers };
        }

        var problem = ManagedAgentLimits.Problem(soft, hard);
        if (problem is not null)
        {
            errors = errors.Add($"Invalid license ({uuid}): feature managed_agent_limit {problem}");
        }

        if (problem is null && hard is not null)
        {
            Agents = NewAgents(soft, hard, claims.IssuedAt);
        }
        else if (set is FeatureSet.Premium && seats > 0)
        {
            var (defaultSoft, defaultHard) = ManagedAgentLimits.DefaultFor(seats);
            Agents = NewAgents(defaultSoft, defaultHard, ManagedAgentLimits.DefaultIssuedAt);
        }

        Errors = errors;

        Feature NewAgents(long? softLimit, long? limit, DateTimeOffset issuedAt) => new()
        {
            Enabled = limit > 0,
            SoftLimit = softLimit,
            Limit = limit,
            UsagePeriod = new UsagePeriod(issuedAt, claims.NotBefore, claims.Expires),
        };
    }

    /// <summary><see langword="null"/> when the license is rejected; then only <see cref="Errors"/> counts.</summary>
    public LicenseClaims? Claims { get; }

    /// <summary>Rule 4.3, 3: the license contributes nothing but the one error about telemetry, until it expires.</summary>
    public bool IsBlockedByTelemetry { get; }

    /// <summary>The features that it offers without a number, as bits.</summary>
    public uint Plain { get; }

    /// <summary>What is wrong with it; of a license that is not rejected this shows only while it is in force.</summary>
    public ImmutableArray<string> Errors { get; } = [];

    /// <summary>
    /// The stretch that rule 4.7 looks at. A license whose expiry comes before the end of its term covers no more than the expiry allows.
    /// </summary>
    public LicenseTerm? Term => Claims is null || IsBlockedByTelemetry
        ? null
        : new LicenseTerm(Claims.NotBefore, Claims.LicenseExpires < Claims.Expires ? Claims.LicenseExpires : Claims.Expires);

    /// <summary>The seats, without a level.</summary>
    public Feature? Users { get; }

    /// <summary>The managed agent limit, without a level.</summary>
    public Feature? Agents { get; }

    public static LicenseOffer Of(StoredLicense license, DeploymentUsage usage) => license.Claims is { } claims
        ? new LicenseOffer(license.Uuid, claims, usage)
        : new LicenseOffer($"Invalid license ({license.Uuid}) parsing claims: {license.Rejection!.Text}");

    /// <summary>
    /// What it is worth at an instant: nothing before its start, from its expiry on, and when it does not count at all.
    /// </summary>
    /// <param name="ticks">The instant in UTC ticks, because this is asked tens of thousands of times for many licenses.</param>
    public Entitlement LevelAt(long ticks) =>
        ticks < _firstTick || ticks > _lastTick ? Entitlement.NotEntitled
        : ticks > _lastTickOfTerm ? Entitlement.GracePeriod
        : Entitlement.Entitled;

    public FeatureCandidate CandidateFor(Feature feature) => new(feature, _issuedAt, _uuid);

    private static uint BitsOf(FeatureSet set)
    {
        var bits = 0u;
        foreach (var feature in FeatureNames.All)
        {
            bits |= set.Includes(feature) ? feature.Bit() : 0;
        }

        return bits;
    }
}
