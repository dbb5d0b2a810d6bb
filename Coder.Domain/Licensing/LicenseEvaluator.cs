using System.Collections.Immutable;
using Coder.Domain.Common;

namespace Coder.Domain.Licensing;

/// <summary>
/// Merges the licenses of a deployment into one answer (docs/spec/licensing.md, 4.2 to 4.8). Pure: the same input gives the same answer,
/// and neither the order of the licenses nor their row ids change anything.
/// </summary>
public static class LicenseEvaluator
{
    /// <summary>Both steps at once, for hosts that count without waiting.</summary>
    /// <param name="licenses">All licenses, rejected and expired ones included, in any order.</param>
    /// <param name="usage">What the deployment uses.</param>
    /// <param name="switches">What the deployment switches on.</param>
    /// <param name="now">The instant to judge for.</param>
    /// <param name="managedAgentCount">
    /// Counts managed agent starts in a period; asked at most once. An exception becomes an error of the answer, except for
    /// <see cref="OperationCanceledException"/>, which passes through.
    /// </param>
    public static Entitlements Evaluate(
        IReadOnlyCollection<StoredLicense> licenses,
        DeploymentUsage usage,
        FeatureSwitches switches,
        DateTimeOffset now,
        Func<UsagePeriod, long> managedAgentCount)
    {
        ArgumentNullException.ThrowIfNull(managedAgentCount);
        var merged = Merge(licenses, usage, switches, now);
        return Complete(merged, merged.PeriodToCount is { } period ? Count(managedAgentCount, period) : default(Result<long>?));
    }

    /// <summary>First step: everything but the count, and the period to count in.</summary>
    /// <inheritdoc cref="Evaluate" path="/param"/>
    public static MergedLicenses Merge(
        IReadOnlyCollection<StoredLicense> licenses,
        DeploymentUsage usage,
        FeatureSwitches switches,
        DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(licenses);
        ArgumentNullException.ThrowIfNull(usage);
        ArgumentNullException.ThrowIfNull(switches);
        var book = new LicenseBook(licenses, usage, now);
        var snapshot = LicenseSnapshot.At(now, book);
        return new MergedLicenses(
            snapshot, usage, switches, now.ToUniversalTime(), LicenseTimeline.NextChange(snapshot, now, book));
    }

    /// <summary>Second step: adds the count and says what there is to say.</summary>
    /// <param name="merged">What the first step gave.</param>
    /// <param name="managedAgentCount">
    /// Managed agent starts in <see cref="MergedLicenses.PeriodToCount"/>; a failure becomes an error of the answer by its message.
    /// <see langword="null"/> when nothing was counted. Ignored when there is no period.
    /// </param>
    public static Entitlements Complete(MergedLicenses merged, Result<long>? managedAgentCount)
    {
        ArgumentNullException.ThrowIfNull(merged);
        var snapshot = merged.Snapshot;
        var count = merged.PeriodToCount is null ? null : managedAgentCount;
        var features = Features(merged, count is { Error: null } counted ? counted.Match(x => x, _ => 0) : null);
        var (warnings, errors) = EntitlementMessages.For(merged, features, count?.Error);
        return new Entitlements([.. features.Select((feature, i) => Finish((FeatureName)i, feature, merged.Switches))])
        {
            Warnings = warnings,
            Errors = errors,
            HasLicense = snapshot.HasLicense,
            Trial = snapshot.Trial,
            RequireTelemetry = snapshot.RequireTelemetry,
            TermEnd = snapshot.TermEnd,
            RefreshedAt = merged.Now,
            NextChangeAt = merged.NextChangeAt,
        };
    }

    private static Result<long> Count(Func<UsagePeriod, long> managedAgentCount, UsagePeriod period)
    {
        try
        {
            return managedAgentCount(period);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return new Error(ErrorKind.Internal, exception.Message);
        }
    }

    private static ImmutableArray<Feature> Features(MergedLicenses merged, long? managedAgents)
    {
        var features = ImmutableArray.CreateBuilder<Feature>(FeatureNames.Count);
        foreach (var name in FeatureNames.All)
        {
            var isOn = merged.Switches.IsOn(name);
            var level = merged.Snapshot.LevelOf(name);
            features.Add(name switch
            {
                FeatureName.UserLimit => merged.Snapshot.Users ?? new Feature { Enabled = isOn, Actual = merged.Usage.ActiveUsers },
                FeatureName.ManagedAgentLimit when merged.Snapshot.Agents is { } agents => agents with { Actual = managedAgents },
                _ => new Feature { Entitlement = level, Enabled = isOn || (level.IsCovered() && name.IsAlwaysOnWhenEntitled()) },
            });
        }

        return features.MoveToImmutable();
    }

    // What is encrypted must stay readable, so that this one feature outlives its license while keys are configured.
    private static Feature Finish(FeatureName name, Feature feature, FeatureSwitches switches) =>
        feature.Entitlement.IsCovered() || (name is FeatureName.ExternalTokenEncryption && switches.IsOn(name))
            ? feature
            : feature with { Enabled = false };
}

/// <summary>The licenses of a deployment merged, before managed agents are counted.</summary>
public sealed class MergedLicenses
{
    internal MergedLicenses(
        LicenseSnapshot snapshot,
        DeploymentUsage usage,
        FeatureSwitches switches,
        DateTimeOffset now,
        DateTimeOffset? nextChangeAt)
    {
        Snapshot = snapshot;
        Usage = usage;
        Switches = switches;
        Now = now;
        NextChangeAt = nextChangeAt;
    }

    /// <summary>The period of the managed agent limit that won, or <see langword="null"/> when there is nothing to count.</summary>
    public UsagePeriod? PeriodToCount => Snapshot.Agents?.UsagePeriod;

    internal LicenseSnapshot Snapshot { get; }

    internal DeploymentUsage Usage { get; }

    internal FeatureSwitches Switches { get; }

    internal DateTimeOffset Now { get; }

    internal DateTimeOffset? NextChangeAt { get; }
}
