using System.Collections.Immutable;
using System.Globalization;
using Coder.Domain.Common;

namespace Coder.Domain.Licensing;

/// <summary>What an answer says in words, in the order of docs/spec/licensing.md, rule 4.8; clients match on the texts.</summary>
internal sealed class EntitlementMessages
{
    private readonly MergedLicenses _merged;
    private readonly ImmutableArray<Feature> _features;
    private readonly ImmutableArray<string>.Builder _warnings = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<string>.Builder _errors = ImmutableArray.CreateBuilder<string>();

    private EntitlementMessages(MergedLicenses merged, ImmutableArray<Feature> features)
    {
        _merged = merged;
        _features = features;
        _errors.AddRange(merged.Snapshot.Errors);
    }

    private DeploymentUsage Usage => _merged.Usage;

    private bool IsLicensed => _merged.Snapshot.HasLicense;

    public static (ImmutableArray<string> Warnings, ImmutableArray<string> Errors) For(
        MergedLicenses merged,
        ImmutableArray<Feature> features,
        Error? countingError)
    {
        var messages = new EntitlementMessages(merged, features);
        messages.AddExpiry();
        messages.AddReplicas();
        messages.AddExternalAuth();
        messages.AddExternalAgents();
        messages.AddManagedAgents(countingError);
        if (messages.IsLicensed)
        {
            messages.AddSeats();
            messages.AddUncoveredFeatures();
        }

        messages.AddTokenEncryption();
        return (messages._warnings.ToImmutable(), messages._errors.ToImmutable());
    }

    private void AddExpiry()
    {
        if (_merged.Snapshot.WarnOfDays is > 0 and var days)
        {
            _warnings.Add(days == 1
                ? "Your license expires in 1 day."
                : string.Create(CultureInfo.InvariantCulture, $"Your license expires in {days} days."));
        }
    }

    private void AddReplicas()
    {
        if (Usage.Replicas > 1)
        {
            Add(
                FeatureName.HighAvailability,
                notEntitled: IsLicensed
                    ? "You have multiple replicas but your license is not entitled to high availability. You will be unable to connect to workspaces."
                    : "You have multiple replicas but high availability is an Enterprise feature. You will be unable to connect to workspaces.",
                inGrace: "You have multiple replicas but your license for high availability is expired. Reduce to one replica or workspace connections will stop working.");
        }
    }

    private void AddExternalAuth()
    {
        if (Usage.ExternalAuthProviders > 1)
        {
            Add(
                FeatureName.MultipleExternalAuth,
                notEntitled: IsLicensed
                    ? "You have multiple External Auth Providers configured but your license is limited at one."
                    : "You have multiple External Auth Providers configured but this is an Enterprise feature. Reduce to one.",
                inGrace: "You have multiple External Auth Providers configured but your license is expired. Reduce to one.");
        }
    }

    private void AddExternalAgents()
    {
        if (Usage.ExternalAgentWorkspaces > 0)
        {
            Add(
                FeatureName.WorkspaceExternalAgent,
                notEntitled: "You have external workspaces but your license is not entitled to this feature.",
                inGrace: "You have external workspaces but your license is expired.");
        }

        if (Usage.ExternalAgentTemplates > 0)
        {
            Add(
                FeatureName.WorkspaceExternalAgent,
                notEntitled: "You have templates which use external agents but your license is not entitled to this feature.",
                inGrace: "You have templates which use external agents but your license is expired.");
        }
    }

    private void AddManagedAgents(Error? countingError)
    {
        if (countingError is not null)
        {
            _errors.Add($"Error getting managed agent count: {countingError.Message}");
        }

        if (_features[(int)FeatureName.ManagedAgentLimit] is not { Enabled: true, Actual: { } actual, Limit: { } hard } feature)
        {
            return;
        }

        if (actual >= hard)
        {
            _warnings.Add(
                "You have built more workspaces with managed agents than your license allows. Further managed agent builds will be blocked.");
        }
        else if (actual >= ManagedAgentLimits.WarningThreshold(feature.SoftLimit, hard))
        {
            _warnings.Add(
                "You are approaching the managed agent limit in your license. Please refer to the Deployment Licenses page for more information.");
        }
    }

    private void AddSeats()
    {
        if (_features[(int)FeatureName.UserLimit] is not { Limit: { } limit } seats)
        {
            return;
        }

        if (Usage.ActiveUsers > limit)
        {
            _warnings.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"Your deployment has {Usage.ActiveUsers} active users but is only licensed for {limit}."));
        }
        else if (seats.Entitlement is Entitlement.GracePeriod)
        {
            _warnings.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"Your deployment has {Usage.ActiveUsers} active users but the license with the limit {limit} is expired."));
        }
    }

    private void AddUncoveredFeatures()
    {
        foreach (var name in FeatureNames.All)
        {
            if (HasMessagesOfItsOwn(name) || !_features[(int)name].Enabled)
            {
                continue;
            }

            switch (_features[(int)name].Entitlement)
            {
                case Entitlement.NotEntitled:
                    _warnings.Add($"{name.DisplayName()} is enabled but your license is not entitled to this feature.");
                    break;
                case Entitlement.GracePeriod:
                    _warnings.Add($"{name.DisplayName()} is enabled but your license for this feature is expired.");
                    break;
                default:
                    break;
            }
        }
    }

    private void AddTokenEncryption()
    {
        if (_features[(int)FeatureName.ExternalTokenEncryption] is { Enabled: true, Entitlement: not Entitlement.Entitled })
        {
            _warnings.Add(
                "External Token Encryption is enabled (due to setting external token encryption keys) but your license is not entitled to this feature.");
        }
    }

    private void Add(FeatureName name, string notEntitled, string inGrace)
    {
        switch (_features[(int)name].Entitlement)
        {
            case Entitlement.NotEntitled:
                _errors.Add(notEntitled);
                break;
            case Entitlement.GracePeriod:
                _warnings.Add(inGrace);
                break;
            default:
                break;
        }
    }

    private static bool HasMessagesOfItsOwn(FeatureName name) => name is
        FeatureName.UserLimit or
        FeatureName.HighAvailability or
        FeatureName.MultipleExternalAuth or
        FeatureName.ManagedAgentLimit;
}
