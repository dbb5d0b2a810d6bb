using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Coder.Testing;

namespace Coder.Api.Tests.Licensing;

public sealed class LicensesEndpointTests : IAsyncLifetime
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private readonly LogCapture _log = new();
    private TestServer _server = null!;
    private HttpClient _owner = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(o => o.Verbose = "true", Ct, _log.Install);
        _owner = await _server.CreateOwnerAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        _owner.Dispose();
        await _server.DisposeAsync();
        _log.Dispose();
    }

    [Fact]
    public async Task Without_licenses_the_list_is_an_empty_array()
    {
        var body = await _owner.GetStringAsync(LicensingApi.Licenses, Ct);

        body.Should().Be("[]");
    }

    [Fact]
    public async Task An_uploaded_license_comes_back_with_exactly_four_properties()
    {
        var uuid = new Guid("0193a5d0-1111-4222-8333-444455556666");

        using var response = await _owner.PostLicenseAsync(_server.Mint.License(b => b.Id(uuid)), Ct);

        response.StatusCode.Should().Be(HttpStatusCode.Created);
        response.Content.Headers.ContentType!.ToString().Should().Be("application/json; charset=utf-8");
        var license = JsonNode.Parse(await response.Content.ReadAsStringAsync(Ct))!.AsObject();
        license.Select(p => p.Key).Should().Equal("id", "uuid", "uploaded_at", "claims");
        license["id"]!.GetValue<int>().Should().Be(1);
        license["uuid"]!.GetValue<Guid>().Should().Be(uuid);
        license["uploaded_at"]!.GetValue<string>().Should().Be("2026-03-01T12:00:00Z");
        license["claims"]!["jti"]!.GetValue<Guid>().Should().Be(uuid);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("not-a-uuid")]
    public async Task A_license_without_a_usable_id_of_its_own_gets_a_random_one(string? jti)
    {
        var license = await _owner.AddLicenseAsync(_server.Mint.License(b => jti is null ? b.Without("jti") : b.Claim("jti", jti)), Ct);

        var other = await _owner.AddLicenseAsync(_server.Mint.License(b => b.Without("jti").Claim("n", 2)), Ct);

        license["uuid"]!.GetValue<Guid>().Should().NotBeEmpty().And.NotBe(other["uuid"]!.GetValue<Guid>());
        (license["claims"]!["jti"]?.GetValue<string>()).Should().Be(jti);
    }

    [Fact]
    public async Task The_list_is_ordered_by_id_and_shows_what_the_upload_showed()
    {
        var first = await _owner.AddLicenseAsync(_server.Mint.License(), Ct);
        var second = await _owner.AddLicenseAsync(_server.Mint.License(b => b.Empty()), Ct);

        var listed = await _owner.LicensesAsync(Ct);

        listed.Select(l => l!.ToJsonString()).Should().Equal(first.ToJsonString(), second.ToJsonString());
    }

    [Fact]
    public async Task Claims_are_shown_byte_for_byte_as_they_were_signed()
    {
        var now = _server.Clock.GetUtcNow().ToUnixTimeSeconds();
        var payload = $$"""
            { "version":2, "version" : 3, "iat":{{now}}.75,"nbf":{{now}}.0, "license_expires":{{now + 1000}}, "exp":{{now + 2000}},
              "price":1.50, "big":123456789012345678901234567890, "power":1e3, "negative":-0.0,
              "unicode":"Zürich 日本 😀", "escaped":"\u00e9\/\n\u0001<>&'+", "nested":{"b":[1,[2,{}]],"a":null,"b":2}, "":true,
              "features":{"user_limit":5,"none":null} }
            """;

        using var response = await _owner.PostLicenseAsync(_server.Mint.Token(payload), Ct);

        var uploaded = await response.Content.ReadAsByteArrayAsync(Ct);
        var listed = await _owner.GetByteArrayAsync(LicensingApi.Licenses, Ct);
        Encoding.UTF8.GetString(uploaded).Should().Contain($"\"claims\":{payload}}}");
        Encoding.UTF8.GetString(listed).Should().Contain($"\"claims\":{payload}}}");
    }

    [Fact]
    public async Task White_space_around_a_license_does_not_count()
    {
        var token = _server.Mint.License();
        await _owner.AddLicenseAsync($" \r\n\t{token}\n ", Ct);

        using var again = await _owner.PostLicenseAsync(token, Ct);

        again.StatusCode.Should().Be(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_license_that_is_stored_already_is_refused_with_its_id()
    {
        await _owner.AddLicenseAsync(_server.Mint.License(), Ct);
        var token = _server.Mint.License();
        var id = (await _owner.AddLicenseAsync(token, Ct)).Id();

        using var response = await _owner.PostLicenseAsync(token, Ct);

        (await response.ErrorAsync(Ct)).Should().Be(
            (HttpStatusCode.Conflict, "Unable to add license to database", $"This license is already stored with ID {id}."));
        (await _owner.LicensesAsync(Ct)).Should().HaveCount(2);
    }

    [Fact]
    public async Task Two_licenses_may_share_their_uuid()
    {
        var uuid = new Guid("0193a5d0-1111-4222-8333-444455556666");
        await _owner.AddLicenseAsync(_server.Mint.License(b => b.Id(uuid)), Ct);

        await _owner.AddLicenseAsync(_server.Mint.License(b => b.Id(uuid).Seats(200)), Ct);

        (await _owner.LicensesAsync(Ct)).Select(l => l!["uuid"]!.GetValue<Guid>()).Should().Equal(uuid, uuid);
    }

    [Fact]
    public async Task Of_simultaneous_uploads_of_one_license_exactly_one_succeeds()
    {
        var token = _server.Mint.License();

        var responses = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => _owner.PostLicenseAsync(token, Ct)));

        responses.Count(r => r.StatusCode == HttpStatusCode.Created).Should().Be(1);
        var errors = await Task.WhenAll(responses.Where(r => r.StatusCode != HttpStatusCode.Created).Select(r => r.ErrorAsync(Ct)));
        var id = (await _owner.LicensesAsync(Ct)).Should().ContainSingle().Which!.Id();
        errors.Distinct().Should().Equal((
            HttpStatusCode.Conflict, "Unable to add license to database", $"This license is already stored with ID {id}."));
    }

    [Fact]
    public async Task Simultaneous_uploads_are_all_in_the_document_when_the_last_answer_is_there()
    {
        string[] features =
            ["audit_log", "connection_log", "scim", "appearance", "workspace_proxy", "custom_roles", "access_control", "template_rbac"];

        await Task.WhenAll(features.Select(f => _owner.AddLicenseAsync(_server.Mint.License(b => b.Empty().Feature(f)), Ct)));

        var entitlements = await _owner.EntitlementsAsync(Ct);
        features.Select(entitlements.Level).Should().AllBe("entitled");
    }

    [Fact]
    public async Task What_a_license_gives_is_in_force_when_the_upload_is_answered_and_gone_when_the_deletion_is()
    {
        var id = (await _owner.AddLicenseAsync(_server.Mint.License(), Ct)).Id();
        var with = await _owner.EntitlementsAsync(Ct);

        var deleted = await _owner.DeleteLicenseAsync(id, Ct);

        var without = await _owner.EntitlementsAsync(Ct);
        with.HasLicense().Should().BeTrue();
        with.Feature("audit_log").ToJsonString().Should().Be("""{"entitlement":"entitled","enabled":true}""");
        deleted.Should().Be(HttpStatusCode.OK);
        without.HasLicense().Should().BeFalse();
        without.Feature("audit_log").ToJsonString().Should().Be("""{"entitlement":"not_entitled","enabled":false}""");
    }

    [Fact]
    public async Task A_deletion_is_answered_with_an_empty_body()
    {
        var id = (await _owner.AddLicenseAsync(_server.Mint.License(), Ct)).Id();

        using var response = await _owner.DeleteAsync(new Uri($"{LicensingApi.Licenses}/{id}", UriKind.Relative), Ct);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        (await response.Content.ReadAsByteArrayAsync(Ct)).Should().BeEmpty();
        (await _owner.LicensesAsync(Ct)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_deleted_license_may_be_added_again_and_gets_a_new_id()
    {
        var token = _server.Mint.License();
        var first = (await _owner.AddLicenseAsync(token, Ct)).Id();
        await _owner.DeleteLicenseAsync(first, Ct);

        var second = (await _owner.AddLicenseAsync(token, Ct)).Id();

        second.Should().BeGreaterThan(first);
    }

    [Theory]
    [InlineData("abc", "License ID must be an integer")]
    [InlineData("1.5", "License ID must be an integer")]
    [InlineData("0x1", "License ID must be an integer")]
    [InlineData("2147483648", "License ID must be an integer")]
    [InlineData("-2147483649", "License ID must be an integer")]
    [InlineData("%20", "License ID must be an integer")]
    [InlineData("2147483647", "Unknown license ID")]
    [InlineData("-1", "Unknown license ID")]
    [InlineData("0", "Unknown license ID")]
    public async Task Deleting_what_is_not_there_is_answered_with_404(string id, string message)
    {
        using var response = await _owner.DeleteAsync(new Uri($"{LicensingApi.Licenses}/{id}", UriKind.Relative), Ct);

        (await response.ErrorAsync(Ct)).Should().Be((HttpStatusCode.NotFound, message, null));
    }

    [Fact]
    public async Task The_token_is_in_no_answer_and_in_no_log_line()
    {
        string[] tokens =
        [
            _server.Mint.License(),
            new LicenseMint(_server.Clock.GetUtcNow()).License(),
            _server.Mint.License(b => b.Claim("version", 4)),
            _server.Mint.License(b => b.ForDeployments(Guid.Empty)),
            _server.Mint.License() + ".x",
        ];
        var seen = new StringBuilder();
        foreach (var token in tokens)
        {
            using var response = await _owner.PostLicenseAsync(token, Ct);
            seen.AppendLine(await response.Content.ReadAsStringAsync(Ct));
        }

        using var duplicate = await _owner.PostLicenseAsync(tokens[0], Ct);
        seen.AppendLine(await duplicate.Content.ReadAsStringAsync(Ct));
        await _server.ExecuteAsync("alter table licenses rename to licenses_away", Ct);
        using var broken = await _owner.PostLicenseAsync(_server.Mint.License(b => b.Seats(7)), Ct);
        seen.AppendLine(await broken.Content.ReadAsStringAsync(Ct));
        await _server.ExecuteAsync("alter table licenses_away rename to licenses", Ct);
        seen.AppendLine(await _owner.GetStringAsync(LicensingApi.Licenses, Ct));
        seen.AppendLine(await _owner.GetStringAsync(LicensingApi.Entitlements, Ct));
        seen.AppendJoin('\n', _log.Lines);

        var text = seen.ToString();

        text.Should().Contain("Invalid license").And.Contain("already stored").And.Contain("\"claims\":{").And.Contain("licenses");
        foreach (var segment in tokens.SelectMany(t => t.Split('.')[1..3]))
        {
            text.Should().NotContain(segment);
        }
    }
}
