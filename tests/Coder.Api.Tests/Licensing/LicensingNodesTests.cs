using System.Net;
using Coder.Testing;

namespace Coder.Api.Tests.Licensing;

/// <summary>Several servers on one database, at the same time and one after the other.</summary>
public sealed class LicensingNodesTests : IAsyncLifetime
{
    private const string TwoReplicas =
        "You have multiple replicas but high availability is an Enterprise feature. You will be unable to connect to workspaces.";
    private const string CountReplicas = "select count(*) from replicas where stopped_at is null";

    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer _first = null!;
    private HttpClient _owner = null!;

    public async ValueTask InitializeAsync()
    {
        _first = await TestServer.StartAsync(null, Ct);
        _owner = await _first.CreateOwnerAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        _owner.Dispose();
        await _first.DisposeAsync();
    }

    [Fact]
    public async Task A_server_that_starts_on_stored_licenses_has_them_in_force_at_once()
    {
        var license = await _owner.AddLicenseAsync(_first.Mint.License(), Ct);
        await using (var earlier = await StartBesideAsync())
        {
        }

        await using var later = await StartBesideAsync();
        using var owner = _owner.SameSessionOn(later);

        (await later.Anonymous.EntitlementsAsync(Ct)).HasLicense().Should().BeTrue();
        (await owner.LicensesAsync(Ct)).Single()!.ToJsonString().Should().Be(license.ToJsonString());
    }

    [Fact]
    public async Task A_server_that_no_longer_trusts_the_key_shows_the_license_and_says_what_is_wrong()
    {
        var license = await _owner.AddLicenseAsync(_first.Mint.License(), Ct);
        var otherKey = new LicenseMint(_first.Clock.GetUtcNow(), "other-key");
        await using var changed = await StartBesideAsync(otherKey.TrustedKeys);
        using var owner = _owner.SameSessionOn(changed);

        var entitlements = await owner.EntitlementsAsync(Ct);

        entitlements.HasLicense().Should().BeFalse();
        entitlements.Texts("errors").Should().Equal($"Invalid license ({license["uuid"]}) parsing claims: no key with ID test-key");
        (await owner.LicensesAsync(Ct)).Single()!.ToJsonString().Should().Be(license.ToJsonString());
        (await owner.DeleteLicenseAsync(license.Id(), Ct)).Should().Be(HttpStatusCode.OK);
        (await owner.EntitlementsAsync(Ct)).Texts("errors").Should().BeEmpty();
    }

    [Fact]
    public async Task Licenses_of_an_old_and_a_new_key_are_in_force_together()
    {
        await _owner.AddLicenseAsync(_first.Mint.License(b => b.Empty().Feature("scim")), Ct);
        var newKey = new LicenseMint(_first.Clock.GetUtcNow(), "new-key");
        await using var changed = await StartBesideAsync($"{newKey.TrustedKeys}, {_first.Mint.TrustedKeys}");
        using var owner = _owner.SameSessionOn(changed);

        await owner.AddLicenseAsync(newKey.License(b => b.Empty().Feature("appearance")), Ct);

        var entitlements = await owner.EntitlementsAsync(Ct);
        entitlements.Level("scim").Should().Be("entitled");
        entitlements.Level("appearance").Should().Be("entitled");
        entitlements.Texts("errors").Should().BeEmpty();
    }

    [Fact]
    public async Task Every_node_follows_what_is_added_and_deleted_on_another()
    {
        await using var second = await StartBesideAsync();
        using var ownerOnSecond = _owner.SameSessionOn(second);
        var license = await _owner.AddLicenseAsync(_first.Mint.License(), Ct);

        var added = await second.Anonymous.EntitlementsWhenAsync(e => e.HasLicense(), Ct);
        await ownerOnSecond.DeleteLicenseAsync(license.Id(), Ct);
        var deleted = await _first.Anonymous.EntitlementsWhenAsync(e => !e.HasLicense(), Ct);

        added.HasLicense().Should().BeTrue();
        deleted.HasLicense().Should().BeFalse();
    }

    [Fact]
    public async Task A_forced_refresh_reaches_every_node()
    {
        await using var second = await StartBesideAsync();
        await _first.StoreSilentlyAsync(_first.Mint.License(), Ct);
        _first.Clock.Advance(TimeSpan.FromMinutes(1));

        using var response = await _owner.PostAsync(new Uri(LicensingApi.Refresh, UriKind.Relative), null, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        (await second.Anonymous.EntitlementsWhenAsync(e => e.HasLicense(), Ct)).HasLicense().Should().BeTrue();
    }

    [Fact]
    public async Task A_change_that_arrives_while_a_node_comes_up_is_not_lost()
    {
        for (var round = 0; round < 3; round++)
        {
            var adding = _owner.AddLicenseAsync(_first.Mint.License(), Ct);
            await using var second = await StartBesideAsync();
            var license = await adding;

            var seen = await second.Anonymous.EntitlementsWhenAsync(e => e.HasLicense(), Ct);

            seen.HasLicense().Should().BeTrue();
            await _owner.DeleteLicenseAsync(license.Id(), Ct);
        }
    }

    [Fact]
    public async Task A_node_whose_notifications_were_cut_off_catches_up_when_it_is_connected_again()
    {
        await _first.ExecuteAsync(
            """
            select pg_terminate_backend(pid)
            from pg_stat_activity
            where application_name = 'coder notifications' and datname = current_database()
            """,
            Ct);
        await _first.StoreSilentlyAsync(_first.Mint.License(), Ct);

        var seen = await _first.Anonymous.EntitlementsWhenAsync(
            e =>
            {
                _first.Clock.Advance(TimeSpan.FromMilliseconds(200));
                return e.HasLicense();
            },
            Ct);

        seen.HasLicense().Should().BeTrue();
        var id = (await _owner.LicensesAsync(Ct)).Single()!.Id();
        await _first.ExecuteAsync("delete from licenses where id = @id", Ct, ("id", id));
        await _first.NotifyAsync(Ct);
        var later = await _first.Anonymous.EntitlementsWhenAsync(e => !e.HasLicense(), Ct);
        later.HasLicense().Should().BeFalse("notifications arrive again");
    }

    [Fact]
    public async Task A_second_node_counts_from_its_first_minute_on_and_no_longer_when_it_is_gone()
    {
        var second = await StartBesideAsync();
        await Eventually.ReadAsync(() => _first.ScalarAsync<long>(CountReplicas, Ct), n => n == 2, Ct);
        _first.Clock.Advance(TimeSpan.FromSeconds(59));
        await _first.NotifyAsync(Ct);
        var young = await _owner.EntitlementsWhenAsync(e => e.RefreshedAt() == _first.Clock.GetUtcNow(), Ct);

        _first.Clock.Advance(TimeSpan.FromSeconds(1));
        await _first.NotifyAsync(Ct);
        var grown = await _owner.EntitlementsWhenAsync(e => e.RefreshedAt() == _first.Clock.GetUtcNow(), Ct);
        await second.DisposeAsync();
        var gone = await _owner.EntitlementsWhenAsync(e => e.Texts("errors").Length == 0, Ct);

        young.Texts("errors").Should().BeEmpty();
        grown.Texts("errors").Should().Equal(TwoReplicas);
        gone.Texts("errors").Should().BeEmpty();
        (await _first.ScalarAsync<long>(CountReplicas, Ct)).Should().Be(1);
    }

    [Fact]
    public async Task A_node_that_goes_away_tells_the_others_and_has_no_trouble_itself()
    {
        using var log = new LogCapture();
        for (var round = 0; round < 5; round++)
        {
            await using var node = await TestServer.StartAsync(null, Ct, log.Install, beside: _first);
            await node.NotifyAsync(Ct);
        }

        log.Lines.Should().NotContain(
            l => l.StartsWith("Error", StringComparison.Ordinal) || l.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_a_license_two_nodes_need_high_availability()
    {
        await using var second = await StartBesideAsync();
        await Eventually.ReadAsync(() => _first.ScalarAsync<long>(CountReplicas, Ct), n => n == 2, Ct);
        _first.Clock.Advance(TimeSpan.FromMinutes(1));
        await _owner.AddLicenseAsync(_first.Mint.License(b => b.Empty()), Ct);
        var notEntitled = await _owner.EntitlementsAsync(Ct);

        await _owner.AddLicenseAsync(_first.Mint.License(b => b.Empty().Feature("high_availability")), Ct);

        notEntitled.Texts("errors").Should().Equal(
            "You have multiple replicas but your license is not entitled to high availability. You will be unable to connect to workspaces.");
        (await _owner.EntitlementsAsync(Ct)).Texts("errors").Should().BeEmpty();
    }

    [Fact]
    public async Task A_damaged_row_breaks_neither_the_list_nor_a_start_nor_its_deletion()
    {
        string[] damages = ["garbage", "", "a.b.c", "..", "eyJ9.eyJ9.eyJ9", new string('x', 100_000), "{}", "é.é.é"];
        var good = await _owner.AddLicenseAsync(_first.Mint.License(), Ct);
        foreach (var damage in damages)
        {
            var license = await _owner.AddLicenseAsync(_first.Mint.License(b => b.Empty()), Ct);
            await _first.ExecuteAsync("update licenses set jwt = @damage where id = @id", Ct, ("damage", damage), ("id", license.Id()));
        }

        await using var second = await StartBesideAsync();
        using var owner = _owner.SameSessionOn(second);

        var listed = await owner.LicensesAsync(Ct);
        listed.Should().HaveCount(1 + damages.Length);
        listed.Skip(1).Select(l => l!["claims"]!.ToJsonString()).Should().AllBe("{}");
        var entitlements = await owner.EntitlementsAsync(Ct);
        entitlements.HasLicense().Should().BeTrue();
        entitlements.Level("audit_log").Should().Be("entitled");
        entitlements.Texts("errors").Should().BeEquivalentTo(listed.Skip(1).Select((l, i) =>
            $"Invalid license ({l!["uuid"]}) parsing claims: token is {(damages[i].Length > 65_536 ? "too long" : "malformed")}"));
        foreach (var license in listed.Skip(1))
        {
            (await owner.DeleteLicenseAsync(license!.Id(), Ct)).Should().Be(HttpStatusCode.OK);
        }

        (await owner.EntitlementsAsync(Ct)).Texts("errors").Should().BeEmpty();
        (await owner.LicensesAsync(Ct)).Single()!.Id().Should().Be(good.Id());
    }

    [Fact]
    public async Task A_row_with_other_claims_than_were_signed_shows_them_and_gives_nothing()
    {
        var token = _first.Mint.License(b => b.Empty());
        var license = await _owner.AddLicenseAsync(token, Ct);
        await _first.ExecuteAsync(
            "update licenses set jwt = @jwt where id = @id",
            Ct,
            ("jwt", ForgedLicense.WithPayload(token, """{"features":{"user_limit":1},"rate":1e0}""")),
            ("id", license.Id()));

        await using var second = await StartBesideAsync();
        using var owner = _owner.SameSessionOn(second);

        (await owner.GetStringAsync(LicensingApi.Licenses, Ct)).Should().Contain("""
            "claims":{"features":{"user_limit":1},"rate":1e0}}
            """.Trim());
        var entitlements = await owner.EntitlementsAsync(Ct);
        entitlements.HasLicense().Should().BeFalse();
        entitlements.Texts("errors").Should().Equal($"Invalid license ({license["uuid"]}) parsing claims: signature is invalid");
    }

    private Task<TestServer> StartBesideAsync(string? keys = null) =>
        TestServer.StartAsync(o => o.LicenseKeys = keys ?? o.LicenseKeys, Ct, beside: _first);
}
