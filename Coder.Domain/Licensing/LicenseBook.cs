namespace Coder.Domain.Licensing;

/// <summary>
/// All licenses, prepared once for being merged at many instants: the offers of each limit stand in the order of rule 4.4, so that
/// the first one that stands at an instant is the winner there.
/// </summary>
internal sealed class LicenseBook
{
    private readonly RankedOffer[] _users;
    private readonly RankedOffer[] _agents;

    public LicenseBook(IReadOnlyCollection<StoredLicense> licenses, DeploymentUsage usage, DateTimeOffset now)
    {
        Offers = licenses
            .Where(license => license.Claims is not { } claims || !LicenseTimes.IsExpired(claims.Expires, now))
            .Select(license => LicenseOffer.Of(license, usage))
            .ToArray();
        Blocks = LicenseTerms.Join(Offers.Select(offer => offer.Term).OfType<LicenseTerm>());
        _users = Rank(offer => offer.Users);
        _agents = Rank(offer => offer.Agents);
    }

    /// <summary>The licenses that are not expired yet, in no order.</summary>
    public LicenseOffer[] Offers { get; }

    /// <summary>Their terms, joined.</summary>
    public IReadOnlyList<LicenseTerm> Blocks { get; }

    public Feature? UsersAt(long ticks) => First(_users, ticks);

    public Feature? AgentsAt(long ticks) => First(_agents, ticks);

    private RankedOffer[] Rank(Func<LicenseOffer, Feature?> feature)
    {
        var ranked = new List<RankedOffer>();
        foreach (var offer in Offers)
        {
            if (feature(offer) is { } offered)
            {
                ranked.Add(new RankedOffer(offer, Entitlement.Entitled, offered));
                ranked.Add(new RankedOffer(offer, Entitlement.GracePeriod, offered));
            }
        }

        ranked.Sort(static (x, y) => FeatureMerge.Compare(y.Candidate, x.Candidate));
        return [.. ranked];
    }

    private static Feature? First(RankedOffer[] ranked, long ticks)
    {
        foreach (var offer in ranked)
        {
            if (offer.Offer.LevelAt(ticks) == offer.Level)
            {
                return offer.Candidate.Feature;
            }
        }

        return null;
    }

    private sealed class RankedOffer(LicenseOffer offer, Entitlement level, Feature feature)
    {
        private readonly FeatureCandidate _candidate = offer.CandidateFor(feature with { Entitlement = level });

        public LicenseOffer Offer { get; } = offer;

        public Entitlement Level { get; } = level;

        public ref readonly FeatureCandidate Candidate => ref _candidate;
    }
}
