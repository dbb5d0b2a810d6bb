namespace Coder.Domain.Common;

/// <summary>Which part of a list is wanted (docs/spec/platform.md, section 4 rule 6).</summary>
/// <param name="Limit">How many rows at most; 0 for all.</param>
/// <param name="Offset">How many rows to pass over, counted after <paramref name="AfterId"/>.</param>
/// <param name="AfterId">The last row of the page before, which need not exist any more; <see langword="null"/> for the first page.</param>
public sealed record Page(int Limit = 0, int Offset = 0, Guid? AfterId = null)
{
    /// <summary>The whole list.</summary>
    public static Page All { get; } = new();
}
