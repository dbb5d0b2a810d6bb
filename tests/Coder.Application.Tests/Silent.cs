using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Application.Licensing;
using Coder.Domain.Licensing;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace Coder.Application.Tests;

/// <summary>Parts that a handler needs and that have nothing to say in its tests.</summary>
internal static class Silent
{
    /// <summary>An audit trail of a deployment without a license.</summary>
    public static AuditTrail AuditTrail()
    {
        var entitlements = Substitute.For<IEntitlementSource>();
        var merged = LicenseEvaluator.Merge([], new DeploymentUsage(), FeatureSwitches.Default, default);
        entitlements.Current.Returns(LicenseEvaluator.Complete(merged, null));
        return new AuditTrail(
            Substitute.For<IAuditStore>(),
            Substitute.For<IAuditServiceLog>(),
            Substitute.For<IRequestOrigin>(),
            Substitute.For<IAfterCommit>(),
            entitlements,
            Substitute.For<IIds>(),
            new FakeTimeProvider());
    }
}
