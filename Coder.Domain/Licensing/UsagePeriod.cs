namespace Coder.Domain.Licensing;

/// <summary>The time in which a metered feature is counted; both ends belong to it.</summary>
/// <param name="IssuedAt">When the license that sets the limit was made; ranks limits (docs/spec/licensing.md, rule 4.4, 1).</param>
/// <param name="Start">The first instant, the license's <c>nbf</c>.</param>
/// <param name="End">The last instant, the license's <c>exp</c>.</param>
public readonly record struct UsagePeriod(DateTimeOffset IssuedAt, DateTimeOffset Start, DateTimeOffset End);
