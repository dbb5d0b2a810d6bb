using BenchmarkDotNet.Attributes;
using Coder.Application.Common;
using Coder.Application.Licensing;
using Coder.Domain.Licensing;
using Coder.Infrastructure.Database;
using Coder.Infrastructure.Licensing;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Coder.Benchmarks.Micro;

/// <summary>What a license costs when it is uploaded, and what its features cost when they are asked for.</summary>
public class LicensingBenchmarks
{
    private readonly DateTimeOffset _now = TestClock.System.GetUtcNow();
    private JwtLicenseVerifier? _verifier;
    private EntitlementCache? _entitlements;
    private string _token = "";

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        var mint = new LicenseMint(_now);
        _token = mint.License();
        _verifier = new JwtLicenseVerifier(TrustedLicenseKeys.Parse(mint.TrustedKeys).Match(keys => keys, e => throw new InvalidOperationException(e.Message)));

        var stores = new ServiceCollection()
            .AddSingleton<ILicenseStore>(new OneLicense(_token))
            .AddSingleton<IUsageCounts, NoUsage>()
            .AddSingleton<ILicenseVerifier>(_verifier)
            .AddSingleton<IFailureClassifier, PostgresErrors>()
            .AddSingleton(new LicensingOptions(FeatureSwitches.Default, TelemetryEnabled: false))
            .AddSingleton(TestClock.System)
            .AddLogging()
            .AddScoped<IEntitlementComputer, EntitlementComputer>()
            .BuildServiceProvider();
        _entitlements = new EntitlementCache(
            stores.GetRequiredService<IServiceScopeFactory>(), new PostgresErrors(), NullLogger<EntitlementCache>.Instance);
        var refreshed = await _entitlements.RefreshAsync(CancellationToken.None);
        if (refreshed.Error is { } error || !Verify() || !ReadEntitlement())
        {
            throw new InvalidOperationException($"The license is not in force: {refreshed.Error?.Detail}");
        }
    }

    [Benchmark(Description = "token verification")]
    public bool Verify() => _verifier!.Verify(_token, _now).Error is null;

    [Benchmark(Description = "entitlement read in memory")]
    [Budget(1_000, AllocatesNothing = true)]
    public bool ReadEntitlement() => _entitlements!.Current.IsEnabled(FeatureName.AuditLog);

    private sealed class OneLicense(string token) : ILicenseStore
    {
        public Task<IReadOnlyList<LicenseRecord>> ListAsync(CancellationToken ct) =>
            Task.FromResult<IReadOnlyList<LicenseRecord>>([new LicenseRecord(1, Make.Id(1), default, token)]);

        public Task<(int Id, bool IsNew)> AddAsync(
            string token, Guid uuid, DateTimeOffset uploadedAt, DateTimeOffset exp, CancellationToken ct) => throw new NotSupportedException();

        public Task<DeletedLicense?> DeleteAsync(int id, CancellationToken ct) => throw new NotSupportedException();
    }

    private sealed class NoUsage : IUsageCounts
    {
        public Task<long> ActiveUsersAsync(CancellationToken ct) => Task.FromResult(0L);

        public Task<int> ReplicasAsync(DateTimeOffset now, CancellationToken ct) => Task.FromResult(1);

        public Task<long> ManagedAgentsAsync(UsageWindow window, CancellationToken ct) => Task.FromResult(0L);
    }
}
