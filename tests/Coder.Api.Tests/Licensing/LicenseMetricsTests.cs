using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Api.Tests.Licensing;

public sealed class LicenseMetricsTests : IAsyncLifetime
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer _server = null!;
    private HttpClient _owner = null!;

    private DateTimeOffset Now => _server.Clock.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(null, Ct);
        _owner = await _server.CreateOwnerAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        _owner.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public void Without_a_license_what_has_no_value_is_not_reported()
    {
        var gauges = Observe();

        gauges.Should().BeEquivalentTo(new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["coderd_license_user_limit_enabled"] = 0,
            ["coderd_license_active_users"] = 0,
            ["coderd_license_warnings"] = 0,
            ["coderd_license_errors"] = 0,
        });
    }

    [Fact]
    public async Task With_a_license_every_gauge_has_a_value()
    {
        await _server.RecordAgentsAsync(Now, 9, Ct);
        await _server.StoreSilentlyAsync(new LicenseMint(Now).License(), Ct);

        await _owner.AddLicenseAsync(_server.Mint.License(b => b.ManagedAgents(5, 10).LicenseExpires(Now.AddDays(3))), Ct);
        _server.Clock.Advance(TimeSpan.FromSeconds(1));

        Observe().Should().BeEquivalentTo(new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["coderd_license_user_limit_enabled"] = 1,
            ["coderd_license_active_users"] = 1,
            ["coderd_license_limit_users"] = 100,
            ["coderd_license_managed_agents_used"] = 9,
            ["coderd_license_managed_agents_limit"] = 10,
            ["coderd_license_expires_seconds"] = (3 * 86_400) - 1,
            ["coderd_license_warnings"] = 2,
            ["coderd_license_errors"] = 1,
        });
    }

    [Fact]
    public async Task In_grace_there_is_no_time_left_to_report()
    {
        await _owner.AddLicenseAsync(_server.Mint.License(b => b.ValidFrom(Now.AddDays(-9)).LicenseExpires(Now.AddMinutes(-2))), Ct);

        var gauges = Observe();

        gauges.Should().NotContainKey("coderd_license_expires_seconds").And.ContainKey("coderd_license_limit_users");
    }

    [Fact]
    public async Task A_successor_without_a_gap_moves_the_end_of_the_term()
    {
        await _owner.AddLicenseAsync(_server.Mint.License(b => b.LicenseExpires(Now.AddDays(1))), Ct);

        await _owner.AddLicenseAsync(_server.Mint.License(b => b.ValidFrom(Now.AddDays(1)).LicenseExpires(Now.AddDays(50))), Ct);

        Observe()["coderd_license_expires_seconds"].Should().Be(50 * 86_400);
    }

    // Servers of other tests run in this process too; the scope of a meter tells them apart.
    private Dictionary<string, double> Observe()
    {
        var scope = _server.Services.GetRequiredService<IMeterFactory>();
        var seen = new ConcurrentDictionary<string, double>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, scope)
                    && instrument.Name.StartsWith("coderd_license_", StringComparison.Ordinal))
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((i, value, _, _) => seen[i.Name] = value);
        listener.SetMeasurementEventCallback<long>((i, value, _, _) => seen[i.Name] = value);
        listener.SetMeasurementEventCallback<double>((i, value, _, _) => seen[i.Name] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return new Dictionary<string, double>(seen, StringComparer.Ordinal);
    }
}
