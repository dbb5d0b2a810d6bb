using Coder.Domain.Common;

namespace Coder.Domain.Licensing;

/// <summary>Why a license does not allow a start build. Stop and delete are never refused.</summary>
/// <param name="Text">One or two sentences; recorded by callers that answer nobody, such as autostart.</param>
public sealed record BuildRefusal(string Text)
{
    /// <summary>The answer to a caller (docs/spec/licensing.md, 4.6).</summary>
    public Error ToError()
    {
        var message = $"Build is not permitted: {Text}";
        return new Error(ErrorKind.Forbidden, message, message);
    }
}

/// <summary>Whether the licenses allow one more start build of an AI template version (docs/spec/licensing.md, 4.6).</summary>
public static class ManagedAgentGate
{
    private const long LockMargin = 50;
    private const long LockMarginDivisor = 20;

    /// <summary>
    /// The period to count in before <see cref="Check"/>. <see langword="null"/> when its answer does not depend on counts, and then
    /// nothing need be read.
    /// </summary>
    public static UsagePeriod? PeriodToCount(Entitlements entitlements) => Limit(entitlements)?.Period;

    /// <summary>Decides on one more build.</summary>
    /// <param name="entitlements">The current entitlements; without any license nothing is limited.</param>
    /// <param name="counted">Managed agents counted in the period.</param>
    /// <param name="inFlight">Start builds of AI template versions that are pending, running or being cancelled.</param>
    /// <returns><see langword="null"/> when the build is allowed.</returns>
    public static BuildRefusal? Check(Entitlements entitlements, long counted, long inFlight)
    {
        ArgumentNullException.ThrowIfNull(entitlements);
        if (!entitlements.HasLicense)
        {
            return null;
        }

        if (Limit(entitlements) is not { } limit)
        {
            return new BuildRefusal(
                "Your license is not entitled to managed agents. Please contact sales to continue using managed agents.");
        }

        return Remaining(limit.Value, counted, inFlight) <= 0
            ? new BuildRefusal(
                "You have breached the managed agent limit in your license. Please contact sales to continue using managed agents.")
            : null;
    }

    /// <summary>
    /// Whether an allowed build must be checked again with simultaneous ones kept out: at most 50 builds, or 5 % of the limit if that
    /// is more, are left. A refusal needs no lock.
    /// </summary>
    /// <inheritdoc cref="Check" path="/param"/>
    public static bool NeedsLock(Entitlements entitlements, long counted, long inFlight) =>
        Limit(entitlements) is { } limit
        && Remaining(limit.Value, counted, inFlight) is > 0 and var remaining
        && remaining <= Math.Max(LockMargin, limit.Value / LockMarginDivisor);

    private static (long Value, UsagePeriod Period)? Limit(Entitlements entitlements)
    {
        ArgumentNullException.ThrowIfNull(entitlements);
        return entitlements.HasLicense
            && entitlements[FeatureName.ManagedAgentLimit] is { Enabled: true, Limit: { } limit, UsagePeriod: { } period }
                ? (limit, period)
                : null;
    }

    private static long Remaining(long limit, long counted, long inFlight) =>
        ManagedAgentLimits.Saturate((Int128)limit - counted - inFlight);
}

/// <summary>Whether the licenses allow a start build of a template with an external agent, also without any license.</summary>
public static class ExternalAgentGate
{
    /// <summary>Decides on one build (docs/spec/licensing.md, 4.6).</summary>
    /// <returns><see langword="null"/> when the build is allowed.</returns>
    public static BuildRefusal? Check(Entitlements entitlements)
    {
        ArgumentNullException.ThrowIfNull(entitlements);
        return entitlements.IsEnabled(FeatureName.WorkspaceExternalAgent)
            ? null
            : new BuildRefusal(
                "You have a template which uses external agents but your license is not entitled to this feature. You will be unable to create new workspaces from these templates.");
    }
}
