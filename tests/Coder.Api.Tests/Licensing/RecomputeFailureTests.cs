using System.Net;
using Coder.Testing;

namespace Coder.Api.Tests.Licensing;

/// <summary>What happens when the document can not be computed: the last one stays, callers are told, and the server tries again.</summary>
public sealed class RecomputeFailureTests : IAsyncLifetime
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private readonly LogCapture _log = new();
    private WatchedClock _watched = null!;
    private TestServer _server = null!;
    private HttpClient _owner = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(null, Ct, services =>
        {
            _watched = WatchedClock.Install(services);
            _log.Install(services);
        });
        _owner = await _server.CreateOwnerAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        _owner.Dispose();
        await _server.DisposeAsync();
        _log.Dispose();
    }

    [Fact]
    public async Task An_upload_is_stored_but_answered_with_500_and_takes_effect_by_a_later_try()
    {
        await _owner.AddLicenseAsync(_server.Mint.License(b => b.Empty().Feature("scim")), Ct);
        await BreakAsync();

        using var response = await _owner.PostLicenseAsync(_server.Mint.License(b => b.Empty().Feature("appearance")), Ct);
        var meanwhile = await _owner.EntitlementsAsync(Ct);
        await RepairAsync();
        var later = await AfterRetryAsync(e => e.Level("appearance") == "entitled");

        (await response.ErrorAsync(Ct)).Should().Be(
            (HttpStatusCode.InternalServerError, "Failed to update entitlements", "internal error"));
        meanwhile.Level("scim").Should().Be("entitled");
        meanwhile.Level("appearance").Should().Be("not_entitled");
        later.Level("appearance").Should().Be("entitled");
        (await _owner.LicensesAsync(Ct)).Should().HaveCount(2);
        _log.Lines.Should().Contain(l => l.Contains("the last ones stay in force", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_deletion_happens_but_is_answered_with_500()
    {
        var id = (await _owner.AddLicenseAsync(_server.Mint.License(), Ct)).Id();
        await BreakAsync();

        using var response = await _owner.DeleteAsync(new Uri($"{LicensingApi.Licenses}/{id}", UriKind.Relative), Ct);
        var meanwhile = await _owner.EntitlementsAsync(Ct);
        await RepairAsync();
        var later = await AfterRetryAsync(e => !e.HasLicense());

        (await response.ErrorAsync(Ct)).Should().Be(
            (HttpStatusCode.InternalServerError, "Failed to update entitlements", "internal error"));
        meanwhile.HasLicense().Should().BeTrue();
        later.HasLicense().Should().BeFalse();
        (await _owner.LicensesAsync(Ct)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_failed_refresh_is_answered_with_500_and_may_be_tried_again_at_once()
    {
        _server.Clock.Advance(TimeSpan.FromMinutes(1));
        await BreakAsync();

        using var failed = await _owner.PostAsync(new Uri(LicensingApi.Refresh, UriKind.Relative), null, Ct);
        await Eventually.ReadAsync(() => Task.FromResult(Tries("00:00:01")), n => n > 0, Ct);
        await RepairAsync();
        using var repaired = await _owner.PostAsync(new Uri(LicensingApi.Refresh, UriKind.Relative), null, Ct);

        (await failed.ErrorAsync(Ct)).Should().Be((HttpStatusCode.InternalServerError, "Failed to refresh entitlements", "internal error"));
        repaired.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Tries_follow_each_other_more_and_more_slowly()
    {
        await BreakAsync();
        await _server.NotifyAsync(Ct);
        foreach (var seconds in (int[])[1, 2, 4, 8])
        {
            var next = _server.Clock.GetUtcNow().AddSeconds(seconds);
            await _watched.AlarmIsSetAsync(next, Ct);
            await Eventually.ReadAsync(() => Task.FromResult(Tries($"00:00:0{seconds}")), n => n > 0, Ct);
            _server.Clock.Advance(TimeSpan.FromSeconds(seconds));
        }

        Tries("00:00:01").Should().Be(1);
        Tries("00:00:02").Should().Be(1);
        Tries("00:00:04").Should().Be(1);
        Tries("00:00:08").Should().Be(1);
        await RepairAsync();
    }

    [Fact]
    public async Task Without_the_count_everything_else_still_holds()
    {
        await _server.ExecuteAsync("alter table usage_events rename to usage_events_away", Ct);

        using var response = await _owner.PostLicenseAsync(_server.Mint.License(b => b.ManagedAgents(5, 10)), Ct);

        response.StatusCode.Should().Be(HttpStatusCode.Created);
        var entitlements = await _owner.EntitlementsAsync(Ct);
        entitlements.HasLicense().Should().BeTrue();
        entitlements.Texts("errors").Should().Equal("Error getting managed agent count: internal error");
        var agents = entitlements.Feature("managed_agent_limit");
        agents.Number("limit").Should().Be(10);
        agents.ContainsKey("actual").Should().BeFalse();
    }

    // The server hears its own notification too, and with it fails once more.
    private int Tries(string wait) => _log.Lines.Count(l => l.EndsWith($"trying again in {wait} ", StringComparison.Ordinal));

    private Task<int> BreakAsync() => _server.ExecuteAsync("alter table replicas rename to replicas_away", Ct);

    private Task<int> RepairAsync() => _server.ExecuteAsync("alter table replicas_away rename to replicas", Ct);

    private Task<System.Text.Json.Nodes.JsonObject> AfterRetryAsync(Func<System.Text.Json.Nodes.JsonObject, bool> holds) =>
        _owner.EntitlementsWhenAsync(
            e =>
            {
                _server.Clock.Advance(TimeSpan.FromSeconds(1));
                return holds(e);
            },
            Ct);
}
