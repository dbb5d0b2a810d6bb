using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Application.Licensing;
using Coder.Domain.Licensing;
using Coder.Infrastructure.Database;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;

namespace Coder.Infrastructure.Tests;

/// <summary>The audit trail of a deployment without a license, for parts that need one and are tested for something else.</summary>
internal static class UnlicensedAudit
{
    public static IServiceCollection AddUnlicensedAudit(this IServiceCollection services)
    {
        var entitlements = Substitute.For<IEntitlementSource>();
        var merged = LicenseEvaluator.Merge([], new DeploymentUsage(), FeatureSwitches.Default, default);
        entitlements.Current.Returns(LicenseEvaluator.Complete(merged, null));
        return services
            .AddSingleton(entitlements)
            .AddSingleton(Substitute.For<IAuditStore>())
            .AddSingleton(Substitute.For<IAuditServiceLog>())
            .AddSingleton(Substitute.For<IRequestOrigin>())
            .AddSingleton(Substitute.For<IIds>())
            .AddSingleton(TestClock.System)
            .AddScoped<IAfterCommit>(s => s.GetRequiredService<DbSession>())
            .AddScoped<AuditTrail>();
    }
}
