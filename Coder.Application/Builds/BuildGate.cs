using System.Data.Common;
using Coder.Application.Common;
using Coder.Application.Licensing;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using Coder.Domain.Templates;
using Microsoft.Extensions.Logging;

namespace Coder.Application.Builds;

/// <summary>
/// Asks the licenses whether a start build is allowed, in the transaction that adds it (docs/spec/licensing.md, section 4.6). Stop,
/// delete and claims are not asked about: they are never refused.
/// </summary>
internal sealed class BuildGate(
    IEntitlementSource entitlements,
    IUsageCounts usage,
    IBuildStore builds,
    IFailureClassifier failures,
    ILogger<BuildGate> logger)
{
    private static readonly Error Unknown = new(ErrorKind.Internal, "Failed to check build usage");

    /// <summary>Judges a start of a version.</summary>
    /// <returns>The refusal, or <see langword="null"/>.</returns>
    public async Task<Error?> JudgeAsync(TemplateVersion version, CancellationToken cancellationToken)
    {
        // One document for all steps: it may be replaced while the database counts.
        var current = entitlements.Current;
        if (version.HasExternalAgent == true && ExternalAgentGate.Check(current) is { } external)
        {
            return external.ToError();
        }

        if (version.HasAiTask != true)
        {
            return null;
        }

        try
        {
            return (await JudgeAiAsync(current, cancellationToken))?.ToError();
        }
        catch (DbException e) when (failures.Classify(e) is null)
        {
            BuildsLog.UsageUnknown(logger, e);
            return Unknown;
        }
    }

    private async Task<BuildRefusal?> JudgeAiAsync(Entitlements current, CancellationToken cancellationToken)
    {
        if (ManagedAgentGate.PeriodToCount(current) is not { } period)
        {
            return ManagedAgentGate.Check(current, 0, 0);
        }

        var window = UsageWindow.Of(period);
        var (counted, inFlight) = await CountAsync(window, cancellationToken);
        if (ManagedAgentGate.NeedsLock(current, counted, inFlight))
        {
            await builds.HoldAiUsageAsync(cancellationToken);
            (counted, inFlight) = await CountAsync(window, cancellationToken);
        }

        return ManagedAgentGate.Check(current, counted, inFlight);
    }

    // What is in flight is counted first: a build that ends between the two counts is counted twice, and never not at all.
    private async Task<(long Counted, long InFlight)> CountAsync(UsageWindow window, CancellationToken cancellationToken)
    {
        var inFlight = await builds.CountAiStartsAsync(cancellationToken);
        return (await usage.ManagedAgentsAsync(window, cancellationToken), inFlight);
    }
}
