using Coder.Application.Common;
using Coder.Application.Licensing;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using Coder.Infrastructure.Database;
using Coder.Infrastructure.Licensing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;

namespace Coder.Infrastructure.Tests.Licensing;

/// <summary>docs/spec/licensing.md, rule 4.9: one computation at a time, and nobody's change is left out.</summary>
public sealed class EntitlementCacheTests : IAsyncDisposable
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private readonly Licenses _licenses = new();
    private readonly FakeTimeProvider _clock = new(LicensingDatabase.Now);
    private readonly ServiceProvider _services;
    private readonly EntitlementCache _cache;

    public EntitlementCacheTests()
    {
        _services = new ServiceCollection()
            .AddSingleton<ILicenseStore>(_licenses)
            .AddSingleton(Substitute.For<IUsageCounts>())
            .AddSingleton(Substitute.For<ILicenseVerifier>())
            .AddSingleton<IFailureClassifier, PostgresErrors>()
            .AddSingleton(new LicensingOptions(FeatureSwitches.Default, TelemetryEnabled: false))
            .AddSingleton<TimeProvider>(_clock)
            .AddLogging()
            .AddScoped<IEntitlementComputer, EntitlementComputer>()
            .BuildServiceProvider();
        _cache = new EntitlementCache(
            _services.GetRequiredService<IServiceScopeFactory>(), new PostgresErrors(), NullLogger<EntitlementCache>.Instance);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public void Nothing_is_answered_before_the_first_computation()
    {
        var read = () => _cache.Current;

        read.Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public async Task Callers_that_arrive_during_a_computation_share_one_more()
    {
        var hold = _licenses.HoldNext();
        var first = _cache.RefreshAsync(Ct);
        await hold.Entered;

        Task<Result<Done>>[] later = [.. Enumerable.Range(0, 10).Select(_ => _cache.RefreshAsync(Ct))];
        var loadsMeanwhile = _licenses.Loads;
        var early = later.Any(t => t.IsCompleted);
        hold.Release();
        await first;
        await Task.WhenAll(later);

        loadsMeanwhile.Should().Be(1, "one computation runs at a time");
        early.Should().BeFalse("what runs already may have missed their change");
        _licenses.Loads.Should().Be(2);
    }

    [Fact]
    public async Task Every_computation_makes_a_new_document_and_leaves_the_old_one_as_it_was()
    {
        await _cache.RefreshAsync(Ct);
        var before = _cache.Current;
        _clock.Advance(TimeSpan.FromMinutes(1));

        await _cache.RefreshAsync(Ct);

        before.RefreshedAt.Should().Be(LicensingDatabase.Now);
        _cache.Current.RefreshedAt.Should().Be(LicensingDatabase.Now.AddMinutes(1));
    }

    [Fact]
    public async Task A_failure_is_told_without_its_text_and_the_last_document_stays()
    {
        await _cache.RefreshAsync(Ct);
        var before = _cache.Current;
        _licenses.Failure = new InvalidOperationException("secret");

        var failed = await _cache.RefreshAsync(Ct);
        _licenses.Failure = null;
        var kept = _cache.Current;
        var repaired = await _cache.RefreshAsync(Ct);

        failed.Error!.Detail.Should().Be("internal error");
        kept.Should().BeSameAs(before);
        repaired.Error.Should().BeNull();
        _cache.Current.Should().NotBeSameAs(before);
    }

    [Fact]
    public async Task A_caller_that_gives_up_takes_nothing_from_the_others()
    {
        using var impatient = new CancellationTokenSource();
        var hold = _licenses.HoldNext();
        var running = _cache.RefreshAsync(impatient.Token);
        await hold.Entered;
        var givenUp = _cache.RefreshAsync(impatient.Token);
        var patient = _cache.RefreshAsync(Ct);

        await impatient.CancelAsync();
        hold.Release();

        await ((Func<Task>)(() => running)).Should().ThrowAsync<OperationCanceledException>();
        await ((Func<Task>)(() => givenUp)).Should().ThrowAsync<OperationCanceledException>();
        (await patient).Error.Should().BeNull();
        _licenses.Loads.Should().Be(2);
    }

    private sealed class Licenses : ILicenseStore
    {
        private Hold? _hold;
        private int _loads;

        public int Loads => Volatile.Read(ref _loads);

        public Exception? Failure { get; set; }

        public Hold HoldNext() => _hold = new Hold();

        public async Task<IReadOnlyList<LicenseRecord>> ListAsync(CancellationToken ct)
        {
            Interlocked.Increment(ref _loads);
            if (Interlocked.Exchange(ref _hold, null) is { } hold)
            {
                await hold.PassAsync();
            }

            return Failure is null ? [] : throw Failure;
        }

        public Task<(int Id, bool IsNew)> AddAsync(
            string token, Guid uuid, DateTimeOffset uploadedAt, DateTimeOffset exp, CancellationToken ct) =>
            throw new NotSupportedException();

        public Task<DeletedLicense?> DeleteAsync(int id, CancellationToken ct) => throw new NotSupportedException();
    }

    private sealed class Hold
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Entered => _entered.Task;

        public void Release() => _released.SetResult();

        public Task PassAsync()
        {
            _entered.SetResult();
            return _released.Task;
        }
    }
}
