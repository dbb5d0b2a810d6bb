using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Coder.Cli.Tests.Login;
using NSec.Cryptography;

namespace Coder.Cli.Tests.Licenses;

public sealed class OfflineLicenseTests : IDisposable
{
    // 2025-08-01T12:00:00Z, the harness's clock.
    private const long Now = 1_754_049_600;
    private const long Day = 86_400;

    private readonly CliHarness _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Keygen_prints_what_a_server_must_trust_and_asks_no_server()
    {
        var code = await _cli.RunAsync("licenses", "keygen", "--kid", "dev-1", "--out", "key.json");

        code.Should().Be(0);
        _cli.Output.Should().MatchRegex("^dev-1=[A-Za-z0-9+/]{43}=\n$");
        _cli.Errors.Should().Contain(_cli.PathOf("key.json")).And.Contain("CODER_LICENSE_KEYS");
        _cli.Server.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task The_private_key_is_a_JSON_Web_Key_for_its_owner_only_and_never_printed()
    {
        await _cli.RunAsync("licenses", "keygen", "--kid", "dev-1", "--out", "key.json");

        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(_cli.PathOf("key.json"), TestContext.Current.CancellationToken));
        var secret = json.RootElement.GetProperty("d").GetString()!;
        using var key = Key.Import(SignatureAlgorithm.Ed25519, Base64Url.DecodeFromChars(secret), KeyBlobFormat.RawPrivateKey);
        var publicKey = key.PublicKey.Export(KeyBlobFormat.RawPublicKey);
        _cli.Output.Should().Be($"dev-1={Convert.ToBase64String(publicKey)}\n");
        json.RootElement.GetProperty("x").GetString().Should().Be(Base64Url.EncodeToString(publicKey));
        json.RootElement.GetProperty("kid").GetString().Should().Be("dev-1");
        (_cli.Output + _cli.Errors).Should().NotContain(secret);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(_cli.PathOf("key.json")).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task Name_and_file_of_the_key_default_to_the_date()
    {
        await _cli.RunAsync("licenses", "keygen");

        _cli.Output.Should().StartWith("2025-08-01=");
        File.Exists(_cli.PathOf("license-key-2025-08-01.json")).Should().BeTrue();
    }

    [Fact]
    public async Task An_existing_key_is_replaced_only_by_force()
    {
        await _cli.RunAsync("licenses", "keygen", "--out", "key.json");
        var first = await File.ReadAllTextAsync(_cli.PathOf("key.json"), TestContext.Current.CancellationToken);

        var refused = await _cli.RunAsync("licenses", "keygen", "--out", "key.json");
        var refusal = _cli.Errors;
        var kept = await File.ReadAllTextAsync(_cli.PathOf("key.json"), TestContext.Current.CancellationToken);
        var forced = await _cli.RunAsync("licenses", "keygen", "--out", "key.json", "--force");
        var replaced = await File.ReadAllTextAsync(_cli.PathOf("key.json"), TestContext.Current.CancellationToken);

        refused.Should().Be(1);
        refusal.Should().StartWith($"error: {_cli.PathOf("key.json")} exists already\n").And.Contain("--force");
        kept.Should().Be(first);
        forced.Should().Be(0);
        replaced.Should().NotBe(first);
    }

    [Theory]
    [InlineData("a=b")]
    [InlineData("a,b")]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234x")]
    public async Task A_key_id_that_the_list_of_trusted_keys_could_not_hold_is_refused(string id)
    {
        var code = await _cli.RunAsync("licenses", "keygen", "--kid", id, "--out", "key.json");

        code.Should().Be(1);
        _cli.Errors.Should().StartWith("error: --kid takes");
        File.Exists(_cli.PathOf("key.json")).Should().BeFalse();
    }

    [Fact]
    public async Task An_issued_license_is_an_EdDSA_token_that_the_printed_key_verifies()
    {
        var publicKey = await KeygenAsync();

        var code = await _cli.RunAsync("licenses", "issue", "--key", "key.json");

        code.Should().Be(0);
        _cli.Errors.Should().BeEmpty();
        var token = _cli.Output.TrimEnd('\n');
        var parts = token.Split('.');
        var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        SignatureAlgorithm.Ed25519.Verify(publicKey, signed, Base64Url.DecodeFromChars(parts[2])).Should().BeTrue();
        LoginCommandTests.ShouldBeJson(Decode(parts[0]), """{"alg":"EdDSA","kid":"dev-1","typ":"JWT"}""");
        _cli.Server.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_license_without_options_runs_for_a_year_and_a_week_of_grace()
    {
        var claims = await IssueAsync();

        LoginCommandTests.ShouldBeJson(claims, $$"""
            {"version":3,"jti":"{{CliHarness.NewId}}","iat":{{Now}},"nbf":{{Now}},
            "license_expires":{{Now + (365 * Day)}},"exp":{{Now + (372 * Day)}},"features":{} }
            """);
    }

    [Fact]
    public async Task Every_claim_has_an_option()
    {
        var claims = await IssueAsync(
            "--feature-set", "premium",
            "--feature", "user_limit=100", "--feature", "scim=-1",
            "--feature", "managed_agent_limit_soft=5", "--feature", "managed_agent_limit_hard=9223372036854775807",
            "--all-features", "--trial", "--require-telemetry", "--publish-usage-data",
            "--deployment-id", "one", "--deployment-id", "two",
            "--account-type", "test", "--account-id", "42", "--subject", "ada@example.com", "--issuer", "us",
            "--issued-at", "2025-07-01T00:00:00Z", "--not-before", "-1h", "--license-expires", "10d", "--expires", "12d12h",
            "--uuid", "not-a-uuid", "--license-version", "4");

        LoginCommandTests.ShouldBeJson(claims, $$"""
            {"version":4,"jti":"not-a-uuid","iat":1751328000,"nbf":{{Now - 3600}},
            "license_expires":{{Now + (10 * Day)}},"exp":{{Now + (12 * Day) + (Day / 2)}},
            "feature_set":"premium","all_features":true,"trial":true,"require_telemetry":true,"publish_usage_data":true,
            "features":{"user_limit":100,"managed_agent_limit_soft":5,"managed_agent_limit_hard":9223372036854775807,"scim":-1},
            "deployment_ids":["one","two"],"account_type":"test","account_id":"42","sub":"ada@example.com","iss":"us"}
            """);
    }

    [Theory]
    [InlineData("--license-expires 30d", 0, 30, 37)]
    [InlineData("--not-before 10d", 10, 375, 382)]
    [InlineData("--expires 20d", 0, 20, 20)]
    [InlineData("--license-expires 30d --expires 20d", 0, 30, 20)]
    public async Task Times_that_are_not_given_follow_those_that_are(string options, int start, int termEnd, int end)
    {
        var claims = await IssueAsync(options.Split(' '));

        using var json = JsonDocument.Parse(claims);
        json.RootElement.GetProperty("nbf").GetInt64().Should().Be(Now + (start * Day));
        json.RootElement.GetProperty("license_expires").GetInt64().Should().Be(Now + (termEnd * Day));
        json.RootElement.GetProperty("exp").GetInt64().Should().Be(Now + (end * Day));
    }

    [Theory]
    [InlineData("--feature user_limit", "--feature takes name=value with a whole number: user_limit")]
    [InlineData("--feature user_limit=many", "--feature takes name=value with a whole number: user_limit=many")]
    [InlineData("--feature user_limit=1.5", "--feature takes name=value with a whole number: user_limit=1.5")]
    [InlineData("--feature =1", "--feature takes name=value with a whole number: =1")]
    [InlineData("--feature a=9223372036854775808", "--feature takes name=value with a whole number: a=9223372036854775808")]
    [InlineData("--feature a=1 --feature a=2", "--feature names a twice")]
    [InlineData("--expires someday", "--expires is not a time: someday")]
    [InlineData("--issued-at 1754049600", "--issued-at is not a time: 1754049600")]
    public async Task Bad_values_are_named(string options, string text)
    {
        await KeygenAsync();

        var code = await _cli.RunAsync(["licenses", "issue", "--key", "key.json", .. options.Split(' ')]);

        code.Should().Be(1);
        _cli.Output.Should().BeEmpty();
        _cli.Errors.Should().StartWith($"error: {text}\n");
    }

    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("{}")]
    [InlineData("""{"kty":"OKP","crv":"Ed25519","kid":"a","d":"AAAA"}""")]
    [InlineData("""{"kty":"OKP","crv":"Ed25519","kid":"a","d":"!!!"}""")]
    [InlineData("""{"kty":"OKP","crv":"Ed25519","d":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""")]
    [InlineData("""{"kty":"OKP","crv":"X25519","kid":"a","d":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""")]
    public async Task A_file_that_holds_no_key_is_told(string content)
    {
        await File.WriteAllTextAsync(_cli.PathOf("key.json"), content, TestContext.Current.CancellationToken);

        var code = await _cli.RunAsync("licenses", "issue", "--key", "key.json");

        code.Should().Be(1);
        _cli.Errors.Should().StartWith($"error: {_cli.PathOf("key.json")} does not hold a license signing key\n");
    }

    [Fact]
    public async Task A_missing_key_file_is_told()
    {
        var code = await _cli.RunAsync("licenses", "issue", "--key", "key.json");

        code.Should().Be(1);
        _cli.Errors.Should().StartWith($"error: Can not read {_cli.PathOf("key.json")}\n");
    }

    private async Task<PublicKey> KeygenAsync()
    {
        await _cli.RunAsync("licenses", "keygen", "--kid", "dev-1", "--out", "key.json");
        var raw = Convert.FromBase64String(_cli.Output.Trim()["dev-1=".Length..]);
        return PublicKey.Import(SignatureAlgorithm.Ed25519, raw, KeyBlobFormat.RawPublicKey);
    }

    private async Task<string> IssueAsync(params string[] options)
    {
        await KeygenAsync();
        var code = await _cli.RunAsync(["licenses", "issue", "--key", "key.json", .. options]);
        code.Should().Be(0, _cli.Errors);
        return Decode(_cli.Output.Split('.')[1]);
    }

    private static string Decode(string part) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(part));
}
