using System.Diagnostics.Metrics;
using Coder.Application.Common;
using Coder.Application.Licensing;
using Coder.Domain.Licensing;

namespace Coder.Api.Licensing;

/// <summary>What an operator wants to be alerted of before a license runs out (docs/spec/licensing.md, section 5).</summary>
internal sealed class LicenseMetrics
{
    private readonly IEntitlementSource _source;
    private readonly TimeProvider _time;

    public LicenseMetrics(IMeterFactory meters, IEntitlementSource source, TimeProvider time)
    {
        _source = source;
        _time = time;
        var meter = meters.Create(Telemetry.Name);
        meter.CreateObservableGauge("coderd_license_user_limit_enabled", () => Users.Enabled ? 1 : 0, null, "1 when a license limits the number of users.");
        meter.CreateObservableGauge("coderd_license_active_users", () => Of(Users.Actual), null, "Users that take a seat.");
        meter.CreateObservableGauge("coderd_license_limit_users", () => Of(Users.Limit), null, "Seats of the license.");
        meter.CreateObservableGauge("coderd_license_managed_agents_used", () => Of(Agents.Actual), null, "Managed agents started in the usage period.");
        meter.CreateObservableGauge("coderd_license_managed_agents_limit", () => Of(Agents.Limit), null, "Managed agents that may be started in the usage period.");
        meter.CreateObservableGauge("coderd_license_expires_seconds", Expires, "s", "Time until the licenses end, without their grace period.");
        meter.CreateObservableGauge("coderd_license_warnings", () => _source.Current.Warnings.Count, null, "Warnings of the entitlements.");
        meter.CreateObservableGauge("coderd_license_errors", () => _source.Current.Errors.Count, null, "Errors of the entitlements.");
    }

    private Feature Users => _source.Current[FeatureName.UserLimit];

    private Feature Agents => _source.Current[FeatureName.ManagedAgentLimit];

    // A value that is not there is not reported, rather than as zero.
    private static IEnumerable<Measurement<long>> Of(long? value) => value is { } number ? [new Measurement<long>(number)] : [];

    private IEnumerable<Measurement<double>> Expires() =>
        _source.Current.TermEnd is { } end ? [new Measurement<double>((end - _time.GetUtcNow()).TotalSeconds)] : [];
}
