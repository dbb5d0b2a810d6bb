namespace Coder.Domain.Licensing;

/// <summary>Finds when the same input gives another answer (docs/spec/licensing.md, 4.2).</summary>
internal static class LicenseTimeline
{
    /// <summary>
    /// Tries the instants at which anything can change, earliest first, and takes the first that does change something: a license
    /// that another one outdoes may come and go unnoticed.
    /// </summary>
    public static DateTimeOffset? NextChange(LicenseSnapshot current, DateTimeOffset now, LicenseBook book)
    {
        var instants = new SortedSet<long>();
        foreach (var claims in book.Offers.Select(offer => offer.Claims).OfType<LicenseClaims>())
        {
            instants.Add(claims.NotBefore.UtcTicks);
            instants.Add(AfterTerm(claims));
            instants.Add(claims.Expires.UtcTicks);
        }

        AddDays(instants, now, book.Blocks);
        foreach (var ticks in instants)
        {
            if (ticks <= now.UtcTicks)
            {
                continue;
            }

            var instant = new DateTimeOffset(ticks, TimeSpan.Zero);
            if (!LicenseSnapshot.At(instant, book).IsSameAs(current))
            {
                return instant;
            }
        }

        return null;
    }

    // The last instant of the term still is in force, so that the first one of grace is a tick later.
    private static long AfterTerm(LicenseClaims claims) =>
        claims.LicenseExpires == DateTimeOffset.MaxValue ? claims.LicenseExpires.UtcTicks : claims.LicenseExpires.UtcTicks + 1;

    // A block that ends later than this one does not matter: the warning of the last day disappears with the end of this one.
    private static void AddDays(SortedSet<long> instants, DateTimeOffset now, IReadOnlyList<LicenseTerm> blocks)
    {
        foreach (var block in blocks)
        {
            if (block.End <= now || block.Start == block.End)
            {
                continue;
            }

            for (var days = 0; days < LicenseTerms.QuietFrom(trial: false); days++)
            {
                instants.Add(block.End.UtcTicks - days * TimeSpan.TicksPerDay);
            }

            return;
        }
    }
}
