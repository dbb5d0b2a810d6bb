using BenchmarkDotNet.Attributes;
using Coder.Domain.Licensing;

namespace Coder.Benchmarks.Micro;

/// <summary>Merging licenses whose terms overlap and whose limits differ, so that each of them has to be looked at.</summary>
public class LicenseMergeBenchmarks
{
    private static readonly DateTimeOffset Now = new(2026, 3, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly DeploymentUsage Usage = new() { ActiveUsers = 90, Replicas = 1 };

    private StoredLicense[] _licenses = [];

    /// <summary>How many there are.</summary>
    [Params(1, 10, 100)]
    public int Licenses { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _licenses = [.. Enumerable.Range(0, Licenses).Select(i => new StoredLicense(i + 1, Make.Id(i), Claims(i)))];
        if (!Merge().HasLicense)
        {
            throw new InvalidOperationException("No license is in force.");
        }
    }

    [Benchmark(Description = "license merge")]
    [Budget(1_000_000)]
    public Entitlements Merge() => LicenseEvaluator.Evaluate(_licenses, Usage, FeatureSwitches.Default, Now, static _ => 7);

    private static LicenseClaims Claims(int i) => new()
    {
        IssuedAt = Now.AddDays(-100 + i),
        NotBefore = Now.AddDays(-60 + i),
        LicenseExpires = Now.AddDays(30 + i),
        Expires = Now.AddDays(40 + i),
        FeatureSet = i % 2 == 0 ? FeatureSet.Premium : FeatureSet.Enterprise,
        Features = new Dictionary<string, long>(StringComparer.Ordinal)
        {
            ["user_limit"] = 100 + i,
            ["managed_agent_limit_soft"] = 10 + i,
            ["managed_agent_limit_hard"] = 20 + i,
        },
    };
}
