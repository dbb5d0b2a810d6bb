using System.Net;
using Coder.Testing;

namespace Coder.Api.Tests.Licensing;

/// <summary>What changes by time alone changes at its instant, without any request and without polling.</summary>
public sealed class EntitlementsOverTimeTests : IAsyncLifetime
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private WatchedClock _watched = null!;
    private TestServer _server = null!;
    private HttpClient _owner = null!;

    private DateTimeOffset Now => _server.Clock.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(null, Ct, services => _watched = WatchedClock.Install(services));
        _owner = await _server.CreateOwnerAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        _owner.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_license_that_is_not_valid_yet_is_stored_and_in_force_from_its_first_second_on()
    {
        var start = Now.AddMinutes(5);
        await _owner.AddLicenseAsync(_server.Mint.License(b => b.ValidFrom(start)), Ct);
        await _watched.AlarmIsSetAsync(start, Ct);

        _server.Clock.Advance(start - Now - Tick);
        var before = await _owner.EntitlementsAsync(Ct);
        _server.Clock.Advance(Tick);
        var after = await _owner.EntitlementsWhenAsync(e => e.HasLicense(), Ct);

        before.HasLicense().Should().BeFalse();
        before.Texts("errors").Should().BeEmpty();
        after.HasLicense().Should().BeTrue();
        after.Level("audit_log").Should().Be("entitled");
        after.RefreshedAt().Should().Be(start);
    }

    [Fact]
    public async Task A_license_goes_through_grace_and_ends_at_its_seconds()
    {
        var termEnd = Now.AddMinutes(5);
        var end = Now.AddMinutes(8);
        await _owner.AddLicenseAsync(_server.Mint.License(b => b.LicenseExpires(termEnd).Expires(end)), Ct);
        await _watched.AlarmIsSetAsync(termEnd, Ct);
        var announced = await _owner.EntitlementsAsync(Ct);

        _server.Clock.Advance(termEnd - Now);
        var lastOfTerm = await _owner.EntitlementsWhenAsync(e => e.RefreshedAt() == termEnd, Ct);
        await _watched.AlarmIsSetAsync(termEnd + Tick, Ct);
        _server.Clock.Advance(Tick);
        var grace = await _owner.EntitlementsWhenAsync(e => e.Level("audit_log") == "grace_period", Ct);
        await _watched.AlarmIsSetAsync(end, Ct);
        _server.Clock.Advance(end - Now - Tick);
        var lastOfGrace = await _owner.EntitlementsAsync(Ct);
        _server.Clock.Advance(Tick);
        var over = await _owner.EntitlementsWhenAsync(e => !e.HasLicense(), Ct);

        announced.Texts("warnings").Should().Equal("Your license expires in 1 day.");
        lastOfTerm.Level("audit_log").Should().Be("entitled");
        lastOfTerm.Texts("warnings").Should().BeEmpty();
        grace.Level("audit_log").Should().Be("grace_period");
        grace.Feature("audit_log")["enabled"]!.GetValue<bool>().Should().BeTrue();
        grace.Texts("warnings").Should().Contain("Audit Log is enabled but your license for this feature is expired.")
            .And.Contain("Your deployment has 1 active users but the license with the limit 100 is expired.");
        lastOfGrace.Level("audit_log").Should().Be("grace_period");
        over.HasLicense().Should().BeFalse();
        over.Level("audit_log").Should().Be("not_entitled");
        over.Feature("audit_log")["enabled"]!.GetValue<bool>().Should().BeFalse();
        over.Texts("errors").Should().BeEmpty();
        over.RefreshedAt().Should().Be(end);
    }

    [Fact]
    public async Task An_expired_license_stays_in_the_list_until_it_is_deleted()
    {
        var end = Now.AddMinutes(5);
        var license = await _owner.AddLicenseAsync(_server.Mint.License(b => b.LicenseExpires(end).Expires(end)), Ct);
        await _watched.AlarmIsSetAsync(end, Ct);
        _server.Clock.Advance(end - Now);
        await _owner.EntitlementsWhenAsync(e => !e.HasLicense(), Ct);

        var listed = await _owner.LicensesAsync(Ct);

        listed.Single()!.ToJsonString().Should().Be(license.ToJsonString());
        (await _owner.DeleteLicenseAsync(license.Id(), Ct)).Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_successor_takes_over_without_a_gap()
    {
        var change = Now.AddMinutes(5);
        await _owner.AddLicenseAsync(_server.Mint.License(b => b.Seats(10).LicenseExpires(change).Expires(change)), Ct);
        await _owner.AddLicenseAsync(_server.Mint.License(b => b.Seats(20).ValidFrom(change)), Ct);
        await _watched.AlarmIsSetAsync(change, Ct);
        var before = await _owner.EntitlementsAsync(Ct);

        _server.Clock.Advance(change - Now);
        var after = await _owner.EntitlementsWhenAsync(e => e.Feature("user_limit").Number("limit") == 20, Ct);

        before.Feature("user_limit").Number("limit").Should().Be(10);
        before.Texts("warnings").Should().BeEmpty("the two terms are one block");
        after.Feature("user_limit").Number("limit").Should().Be(20);
        after.HasLicense().Should().BeTrue();
        after.RefreshedAt().Should().Be(change);
    }

    [Fact]
    public async Task Without_any_change_the_document_is_computed_every_ten_minutes()
    {
        var next = Now.AddMinutes(10);
        await _watched.AlarmIsSetAsync(next, Ct);
        await _server.StoreSilentlyAsync(_server.Mint.License(), Ct);

        _server.Clock.Advance(TimeSpan.FromMinutes(10) - Tick);
        var before = await _owner.EntitlementsAsync(Ct);
        _server.Clock.Advance(Tick);
        var after = await _owner.EntitlementsWhenAsync(e => e.HasLicense(), Ct);

        before.HasLicense().Should().BeFalse();
        after.HasLicense().Should().BeTrue();
        after.RefreshedAt().Should().Be(next);
    }
}
