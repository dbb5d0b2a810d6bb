namespace Coder.Domain.Licensing;

/// <summary>A stretch of time that licenses cover; both ends belong to it.</summary>
/// <param name="Start">The first instant.</param>
/// <param name="End">The last instant.</param>
public readonly record struct LicenseTerm(DateTimeOffset Start, DateTimeOffset End);

/// <summary>Renewals that follow without a gap count as one term (docs/spec/licensing.md, rule 4.7).</summary>
public static class LicenseTerms
{
    private const long TicksPerDay = TimeSpan.TicksPerDay;

    /// <summary>
    /// Joins terms that touch or overlap, whatever their order. A term that ends before it starts is left out.
    /// </summary>
    /// <returns>The blocks by start; between two of them is a gap.</returns>
    public static IReadOnlyList<LicenseTerm> Join(IEnumerable<LicenseTerm> terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var sorted = terms.Where(term => term.Start <= term.End).ToArray();
        Array.Sort(sorted, static (x, y) => x.Start.CompareTo(y.Start));
        var blocks = new List<LicenseTerm>(sorted.Length);
        foreach (var term in sorted)
        {
            if (blocks.Count > 0 && term.Start <= blocks[^1].End)
            {
                if (term.End > blocks[^1].End)
                {
                    blocks[^1] = blocks[^1] with { End = term.End };
                }
            }
            else
            {
                blocks.Add(term);
            }
        }

        return blocks;
    }

    /// <summary>Days until the block around <paramref name="now"/> ends, begun ones counted whole; 0 at its end and outside of blocks.</summary>
    public static int DaysLeft(IReadOnlyList<LicenseTerm> blocks, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        return Around(blocks, now) is { } block ? (int)((block.End.UtcTicks - now.UtcTicks + TicksPerDay - 1) / TicksPerDay) : 0;
    }

    /// <summary>The block that contains the instant and something after it, or <see langword="null"/> when there is none.</summary>
    internal static LicenseTerm? Around(IReadOnlyList<LicenseTerm> blocks, DateTimeOffset now)
    {
        foreach (var block in blocks)
        {
            if (block.Start <= now && now < block.End)
            {
                return block;
            }
        }

        return null;
    }

    /// <summary>From how many days on nothing is said about the end.</summary>
    internal static int QuietFrom(bool trial) => trial ? 7 : 30;
}
