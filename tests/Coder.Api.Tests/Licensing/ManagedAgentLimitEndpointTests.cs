using System.Globalization;
using Coder.Testing;

namespace Coder.Api.Tests.Licensing;

/// <summary>docs/spec/licensing.md, rule 4.5, and the counting of 4.6.</summary>
public sealed class ManagedAgentLimitEndpointTests : IAsyncLifetime
{
    private const string Approaching =
        "You are approaching the managed agent limit in your license. Please refer to the Deployment Licenses page for more information.";

    private const string Exhausted =
        "You have built more workspaces with managed agents than your license allows. Further managed agent builds will be blocked.";

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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_newer_license_wins_even_with_smaller_limits_whatever_the_order_of_upload(bool isOlderFirst)
    {
        var older = _server.Mint.License(b => b.IssuedAt(Now.AddDays(-2)).ValidFrom(Now.AddDays(-2)).ManagedAgents(100, 200));
        var newer = _server.Mint.License(b => b.IssuedAt(Now.AddDays(-1)).ValidFrom(Now.AddDays(-1)).ManagedAgents(5, 10));
        await _owner.AddLicenseAsync(isOlderFirst ? older : newer, Ct);

        await _owner.AddLicenseAsync(isOlderFirst ? newer : older, Ct);

        var agents = (await _owner.EntitlementsAsync(Ct)).Feature("managed_agent_limit");
        agents.Number("limit").Should().Be(10);
        agents.Number("soft_limit").Should().Be(5);
        agents["usage_period"]!.ToJsonString().Should().Be(
            """{"issued_at":"2026-02-28T12:00:00Z","start":"2026-02-28T12:00:00Z","end":"2027-03-31T12:00:00Z"}""");
    }

    [Fact]
    public async Task Deleting_the_newer_license_brings_the_limits_of_the_older_one_back()
    {
        await _owner.AddLicenseAsync(_server.Mint.License(b => b.IssuedAt(Now.AddDays(-2)).ManagedAgents(100, 200)), Ct);
        var newer = await _owner.AddLicenseAsync(_server.Mint.License(b => b.IssuedAt(Now.AddDays(-1)).ManagedAgents(5, 10)), Ct);

        await _owner.DeleteLicenseAsync(newer.Id(), Ct);

        (await _owner.EntitlementsAsync(Ct)).Feature("managed_agent_limit").Number("limit").Should().Be(200);
    }

    [Fact]
    public async Task A_newer_license_with_zero_switches_the_feature_off()
    {
        await _owner.AddLicenseAsync(_server.Mint.License(b => b.IssuedAt(Now.AddDays(-2)).ManagedAgents(100, 200)), Ct);

        await _owner.AddLicenseAsync(_server.Mint.License(b => b.IssuedAt(Now.AddDays(-1)).ManagedAgents(0, 0)), Ct);

        var agents = (await _owner.EntitlementsAsync(Ct)).Feature("managed_agent_limit");
        agents["enabled"]!.GetValue<bool>().Should().BeFalse();
        agents.Number("limit").Should().Be(0);
        agents.Number("soft_limit").Should().Be(0);
    }

    [Fact]
    public async Task Usage_from_before_the_upload_counts_when_it_is_inside_the_period()
    {
        await _server.RecordAgentsAsync(Now.AddDays(-3).AddMicroseconds(-1), 1000, Ct);
        await _server.RecordAgentsAsync(Now.AddDays(-3), 1, Ct);
        await _server.RecordAgentsAsync(Now.AddDays(-2), 20, Ct);
        await _server.RecordAgentsAsync(Now, 300, Ct);

        await _owner.AddLicenseAsync(_server.Mint.License(b => b.ValidFrom(Now.AddDays(-3)).ManagedAgents(5000, 10_000)), Ct);

        (await _owner.EntitlementsAsync(Ct)).Feature("managed_agent_limit").Number("actual").Should().Be(321);
    }

    [Fact]
    public async Task A_newer_license_that_begins_later_starts_from_zero()
    {
        await _server.RecordAgentsAsync(Now.AddDays(-1), 10, Ct);
        await _owner.AddLicenseAsync(
            _server.Mint.License(b => b.IssuedAt(Now.AddDays(-9)).ValidFrom(Now.AddDays(-9)).ManagedAgents(5, 10)), Ct);
        var exhausted = await _owner.EntitlementsAsync(Ct);

        await _owner.AddLicenseAsync(_server.Mint.License(b => b.ManagedAgents(5, 10)), Ct);

        var renewed = await _owner.EntitlementsAsync(Ct);
        exhausted.Feature("managed_agent_limit").Number("actual").Should().Be(10);
        exhausted.Texts("warnings").Should().Equal(Exhausted);
        renewed.Feature("managed_agent_limit").Number("actual").Should().Be(0);
        renewed.Texts("warnings").Should().BeEmpty();
    }

    [Theory]
    [InlineData(174, null)]
    [InlineData(175, Approaching)]
    [InlineData(199, Approaching)]
    [InlineData(200, Exhausted)]
    public async Task The_document_warns_before_and_at_the_limit(int used, string? warning)
    {
        await _server.RecordAgentsAsync(Now, used, Ct);

        await _owner.AddLicenseAsync(_server.Mint.License(b => b.ManagedAgents(100, 200)), Ct);

        (await _owner.EntitlementsAsync(Ct)).Texts("warnings").Should().Equal(warning is null ? [] : [warning]);
    }

    [Fact]
    public async Task Limits_up_to_the_greatest_number_do_not_overflow()
    {
        await _owner.AddLicenseAsync(_server.Mint.License(b => b.Seats(long.MaxValue)), Ct);
        var byDefault = await _owner.EntitlementsAsync(Ct);

        await _owner.AddLicenseAsync(_server.Mint.License(b => b.Seats(long.MaxValue).ManagedAgents(long.MaxValue, long.MaxValue)), Ct);

        var named = await _owner.EntitlementsAsync(Ct);
        foreach (var entitlements in (System.Text.Json.Nodes.JsonObject[])[byDefault, named])
        {
            entitlements.Feature("user_limit").Number("limit").Should().Be(long.MaxValue);
            entitlements.Feature("managed_agent_limit").Number("limit").Should().Be(long.MaxValue);
            entitlements.Feature("managed_agent_limit").Number("soft_limit").Should().Be(long.MaxValue);
            entitlements.Texts("warnings").Should().BeEmpty();
            entitlements.Texts("errors").Should().BeEmpty();
        }
    }

    [Fact]
    public async Task A_license_for_all_time_counts_everything()
    {
        await _server.RecordAgentsAsync(Now.AddYears(-20), 7, Ct);
        var first = DateTimeOffset.MinValue;
        var last = DateTimeOffset.Parse("9999-12-31T23:59:59Z", CultureInfo.InvariantCulture);

        await _owner.AddLicenseAsync(
            _server.Mint.License(b => b.IssuedAt(first).ValidFrom(first).LicenseExpires(last).Expires(last).ManagedAgents(10, 20)), Ct);

        var entitlements = await _owner.EntitlementsAsync(Ct);
        entitlements.Feature("managed_agent_limit").Number("actual").Should().Be(7);
        entitlements.Texts("errors").Should().BeEmpty();
        (await _owner.LicensesAsync(Ct)).Should().ContainSingle();
    }
}
