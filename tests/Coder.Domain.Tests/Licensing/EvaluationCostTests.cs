using System.Diagnostics;
using Coder.Domain.Licensing;

namespace Coder.Domain.Tests.Licensing;

public sealed class EvaluationCostTests(ITestOutputHelper output)
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

    public static TheoryData<string, StoredLicense[]> Hundreds => new()
    {
        {
            "renewals",
            [.. Enumerable.Range(0, 100).Select(i => (Make.Claims(FeatureSet.Premium, ("user_limit", 100 + i)) with
            {
                IssuedAt = Make.Now.AddDays(-100 + i),
                NotBefore = Make.Now.AddDays(-60 + i),
                LicenseExpires = Make.Now.AddDays(30 + i),
                Expires = Make.Now.AddDays(40 + i),
            }).Stored(i + 1))]
        },
        {
            "one outdoes all others",
            [.. Enumerable.Range(0, 99).Select(i => (Make.Claims(FeatureSet.Enterprise, ("user_limit", i)) with
            {
                NotBefore = Make.Now.AddMinutes(-50 + i),
                LicenseExpires = Make.Now.AddHours(1 + i),
                Expires = Make.Now.AddHours(200 + i),
            }).Stored(i + 1)).Append(Make.Claims(FeatureSet.Premium, ("user_limit", 1000)).Stored(1000))]
        },
    };

    [Theory]
    [MemberData(nameof(Hundreds), DisableDiscoveryEnumeration = true)]
    public void A_hundred_licenses_take_no_more_than_a_few_milliseconds(string what, StoredLicense[] licenses)
    {
        // An optimised build stays below the millisecond that is specified; this one is not optimised and shares its machine.
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 100; i++)
        {
            var start = Stopwatch.GetTimestamp();
            _ = Make.Evaluate(licenses);
            var took = Stopwatch.GetElapsedTime(start);
            best = took < best ? took : best;
        }

        output.WriteLine($"{what}: {best.TotalMicroseconds} µs");
        best.Should().BeLessThan(TimeSpan.FromMilliseconds(5), what);
    }
}
