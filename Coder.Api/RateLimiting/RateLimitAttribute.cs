namespace Coder.Api.RateLimiting;

/// <summary>
/// A limit of an endpoint's own, in the place of that of the whole API; holds anywhere, also outside of <c>/api</c>
/// (docs/spec/platform.md, section 5.6). Stands on controllers and actions, and as metadata on mapped endpoints.
/// </summary>
/// <param name="perMinute">Requests a minute for each user, or for each address of callers who are not signed in; at least 1.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class RateLimitAttribute(int perMinute) : Attribute
{
    /// <summary>Requests a minute.</summary>
    public int PerMinute { get; } = perMinute;

    /// <summary>
    /// Whether the limit holds for those alone whose credential is good, each of whom has one of his own; all others have that of the whole
    /// API. For programs that report all the time.
    /// </summary>
    public bool IsForKnownCallers { get; init; }
}
