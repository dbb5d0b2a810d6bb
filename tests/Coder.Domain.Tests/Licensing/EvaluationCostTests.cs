using Coder.Domain.Licensing;

namespace Coder.Domain.Tests.Licensing;

public sealed class EvaluationCostTests
{
    [Fact]
    public void A_gate_allocates_nothing()
    {
        var entitlements = Make.Evaluate(Make.Claims(FeatureSet.Premium));
        _ = entitlements.IsEnabled(FeatureName.CustomRoles);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var enabled = 0;
        for (var i = 0; i < 1000; i++)
        {
            enabled += entitlements.IsEnabled(FeatureName.CustomRoles) ? 1 : 0;
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        enabled.Should().Be(1000);
        allocated.Should().Be(0);
    }
}
