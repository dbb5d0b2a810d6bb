using System.Text.Json;
using Coder.Application.Licensing;
using Coder.Domain.Common;
using Coder.Domain.Licensing;
using Coder.Infrastructure.Licensing;
using Coder.Testing;

namespace Coder.Infrastructure.Tests.Licensing;

public sealed class JwtLicenseVerifierUploadTests
{
    private const string Issues = "license has multiple issues; contact support: ";

    private static readonly DateTimeOffset Now = new(2025, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly LicenseMint _mint = new(Now, "main");
    private readonly JwtLicenseVerifier _verifier;

    public JwtLicenseVerifierUploadTests() => _verifier = VerifierFor(_mint.TrustedKeys);

    [Fact]
    public void A_good_license_is_taken_with_its_claims_and_its_own_id()
    {
        var id = new Guid("6f7b3c0e-0000-4000-8000-000000000001");
        var token = _mint.License(b => b.Premium(seats: 7).ManagedAgents(soft: 10, hard: 20).Id(id));

        var license = Accept(token);

        license.Token.Should().Be(token);
        license.Uuid.Should().Be(id);
        license.Exp.Should().Be(Now.AddYears(1).AddDays(30));
        license.Claims.FeatureSet.Should().Be(FeatureSet.Premium);
        license.Claims.Features.Should().Contain("user_limit", 7).And.Contain("managed_agent_limit_hard", 20);
        license.Claims.IssuedAt.Should().Be(Now);
    }

    [Theory]
    [InlineData("\"not-a-uuid\"")]
    [InlineData("null")]
    public void A_license_without_a_usable_id_leaves_the_choice_to_the_caller(string jti)
    {
        var token = _mint.License(b => b.Claim("jti", System.Text.Json.Nodes.JsonNode.Parse(jti)));

        var license = Accept(token);

        license.Uuid.Should().BeNull();
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("\r\n")]
    [InlineData("\t\n ")]
    public void White_space_around_a_token_does_not_count(string space)
    {
        var token = _mint.License();

        var license = Accept(space + token + space);

        license.Token.Should().Be(token);
    }

    [Fact]
    public void The_payload_is_handed_on_verbatim()
    {
        var payload = _mint.Payload()[..^1] + """, "x":1.50e1 ,"x":[null,"é\u0041"], "big":123456789012345678901234567890}""";

        var license = Accept(_mint.Token(payload));

        license.PayloadJson.Should().Be(payload);
    }

    [Theory]
    [InlineData("""{"iss":5}""")]
    [InlineData("""{"iss":[1,{}],"sub":null,"aud":{"a":1}}""")]
    [InlineData("""{"account_type":1e400,"account_id":["x"],"nonsense":true}""")]
    public void Claims_that_nobody_checks_may_have_any_type(string extra)
    {
        var payload = _mint.Payload(b => b.Without("iss").Without("sub"))[..^1] + "," + extra[1..];

        var license = Accept(_mint.Token(payload));

        license.PayloadJson.Should().Be(payload);
    }

    [Fact]
    public void A_license_that_is_not_valid_yet_is_accepted()
    {
        var token = _mint.License(b => b.ValidFrom(Now.AddDays(30)));

        var license = Accept(token);

        license.Claims.NotBefore.Should().Be(Now.AddDays(30));
    }

    [Fact]
    public void A_license_in_its_grace_period_is_accepted()
    {
        var token = _mint.License(b => b.LicenseExpires(Now.AddSeconds(-1)).Expires(Now.AddSeconds(1)));

        var license = Accept(token);

        license.Claims.LicenseExpires.Should().BeBefore(Now);
    }

    [Theory]
    [InlineData(0, "0h0m0s")]
    [InlineData(1, "0h0m1s")]
    [InlineData(3_725, "1h2m5s")]
    [InlineData(400 * 86_400, "9600h0m0s")]
    public void An_expired_license_is_refused_without_leeway(int secondsAgo, string since)
    {
        var begin = Now.AddYears(-3);
        var token = _mint.License(b => b.IssuedAt(begin).ValidFrom(begin).LicenseExpires(begin).Expires(Now.AddSeconds(-secondsAgo)));

        Refuse(token, Issues + "token is expired by " + since);
    }

    [Fact]
    public void A_license_from_the_future_is_refused_without_leeway()
    {
        Refuse(_mint.License(b => b.IssuedAt(Now.AddSeconds(1))), Issues + "token used before issued");
    }

    [Fact]
    public void A_license_that_expires_before_it_begins_is_refused()
    {
        var token = _mint.License(b => b.ValidFrom(Now.AddDays(2)).LicenseExpires(Now.AddDays(1)).Expires(Now.AddDays(1)));

        Refuse(token, Issues + "not before is after expiry");
    }

    [Theory]
    [InlineData("version", "license must be version 3")]
    [InlineData("iat", "license has invalid or missing iat (issued at) claim")]
    [InlineData("nbf", "license has invalid or missing nbf (not before) claim")]
    [InlineData("license_expires", "license has invalid or missing license_expires claim")]
    [InlineData("exp", "license has invalid or missing exp (expires at) claim")]
    public void A_missing_claim_is_named(string claim, string detail)
    {
        Refuse(_mint.License(b => b.Without(claim)), detail);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Another_version_is_refused(int version)
    {
        Refuse(_mint.License(b => b.Claim("version", version)), "license must be version 3");
    }

    [Fact]
    public void Missing_claims_are_reported_in_the_order_of_the_specification()
    {
        var token = _mint.Token("{}");

        Refuse(token, "license must be version 3");
        Refuse(_mint.Token("""{"version":3}"""), "license has invalid or missing iat (issued at) claim");
        Refuse(_mint.Token("""{"version":3,"iat":1}"""), "license has invalid or missing nbf (not before) claim");
        Refuse(_mint.Token("""{"version":3,"iat":1,"nbf":1}"""), "license has invalid or missing license_expires claim");
        Refuse(
            _mint.Token("""{"version":3,"iat":1,"nbf":1,"license_expires":1}"""),
            "license has invalid or missing exp (expires at) claim");
    }

    [Fact]
    public void Times_are_judged_before_required_claims()
    {
        Refuse(_mint.Token("""{"exp":1748779200}"""), Issues + "token is expired by 0h0m0s");
    }

    [Fact]
    public void The_signature_is_judged_before_the_times()
    {
        var expired = new LicenseMint(Now.AddYears(-5), _mint.KeyId).License();

        Refuse(expired, Issues + "signature is invalid");
    }

    [Fact]
    public void Types_are_judged_before_the_signature()
    {
        var token = ForgedLicense.WithPayload(_mint.License(), """{"version":"3"}""");

        Refuse(token, Issues + "token is malformed");
    }

    [Theory]
    [InlineData("version", "\"3\"")]
    [InlineData("version", "3.5")]
    [InlineData("exp", "\"2030-01-01\"")]
    [InlineData("exp", "1e400")]
    [InlineData("features", "{\"user_limit\":1.5}")]
    [InlineData("features", "{\"user_limit\":\"1\"}")]
    [InlineData("features", "{\"user_limit\":true}")]
    [InlineData("features", "{\"user_limit\":9223372036854775808}")]
    [InlineData("features", "[]")]
    [InlineData("trial", "\"true\"")]
    [InlineData("deployment_ids", "\"x\"")]
    [InlineData("feature_set", "\"\\ud800\"")]
    public void A_claim_of_the_wrong_type_makes_the_token_malformed(string claim, string json)
    {
        var payload = _mint.Payload()[..^1] + $",\"{claim}\":{json}}}";

        Refuse(_mint.Token(payload), Issues + "token is malformed");
    }

    [Fact]
    public void Of_equal_claims_the_last_one_counts()
    {
        var payload = _mint.Payload(b => b.Claim("version", 2))[..^1] + """, "version":3}""";

        var license = Accept(_mint.Token(payload));

        license.Claims.Version.Should().Be(3);
    }

    [Fact]
    public void A_payload_that_changed_is_refused()
    {
        var token = _mint.License(b => b.Seats(1));

        Refuse(ForgedLicense.WithPayload(token, _mint.Payload(b => b.Seats(1000))), Issues + "signature is invalid");
    }

    [Fact]
    public void A_header_that_changed_is_refused()
    {
        var token = _mint.License();
        var header = LicenseMint.Encode($$"""{"kid":"{{_mint.KeyId}}","alg":"EdDSA"}""");

        Refuse(ForgedLicense.WithSegment(token, 0, header), Issues + "signature is invalid");
    }

    [Fact]
    public void A_license_of_another_vendor_under_our_key_id_is_refused()
    {
        var stranger = new LicenseMint(Now, _mint.KeyId);

        Refuse(stranger.License(), Issues + "signature is invalid");
    }

    [Fact]
    public void A_missing_signature_is_refused()
    {
        Refuse(ForgedLicense.WithoutSignature(_mint.License()), Issues + "signature is invalid");
    }

    [Fact]
    public void The_token_does_not_choose_how_it_is_verified()
    {
        Refuse(ForgedLicense.HmacWithPublicKey(_mint), Issues + "signing method HS256 is invalid");
        Refuse(ForgedLicense.WithAlgorithmNone(_mint), Issues + "signing method none is invalid");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("RS256")]
    [InlineData("ES256")]
    [InlineData("eddsa")]
    [InlineData("EDDSA")]
    [InlineData("Ed25519")]
    [InlineData("EdDSA ")]
    [InlineData("EdDSA-ph")]
    public void Only_EdDSA_spelt_exactly_is_an_algorithm(string algorithm)
    {
        var token = _mint.Token(_mint.Payload(), _mint.Header(algorithm));

        Refuse(token, Issues + $"signing method {algorithm} is invalid");
    }

    [Fact]
    public void A_foreign_algorithm_is_cut_to_64_printable_characters()
    {
        var header = JsonSerializer.Serialize(new { alg = "\0\n\u001b[31m\u202e" + new string('x', 100), kid = _mint.KeyId });

        Refuse(_mint.Token(_mint.Payload(), header), Issues + $"signing method [31m{new string('x', 60)} is invalid");
    }

    [Fact]
    public void A_foreign_key_id_is_cut_to_64_printable_characters()
    {
        var header = JsonSerializer.Serialize(new { alg = "EdDSA", kid = "\0é\r\n" + new string('k', 100) });

        Refuse(_mint.Token(_mint.Payload(), header), Issues + $"no key with ID é{new string('k', 63)}");
    }

    [Theory]
    [InlineData("""{"alg":"EdDSA"}""")]
    [InlineData("""{"alg":"EdDSA","kid":null}""")]
    [InlineData("""{"alg":"EdDSA","kid":""}""")]
    [InlineData("""{"alg":"EdDSA","kid":7}""")]
    [InlineData("""{"alg":"EdDSA","kid":["main"]}""")]
    [InlineData("""{"alg":"EdDSA","KID":"main"}""")]
    [InlineData("""{"alg":"EdDSA","kid":"main","kid":7}""")]
    public void A_header_that_names_no_key_is_refused(string header)
    {
        Refuse(_mint.Token(_mint.Payload(), header), Issues + "JOSE header must contain kid");
    }

    [Theory]
    [InlineData("other")]
    [InlineData("MAIN")]
    [InlineData(" main")]
    public void A_key_that_is_not_trusted_is_named(string keyId)
    {
        var token = _mint.Token(_mint.Payload(), $$"""{"alg":"EdDSA","kid":"{{keyId}}"}""");

        Refuse(token, Issues + $"no key with ID {keyId}");
    }

    [Fact]
    public void Without_keys_no_license_is_good()
    {
        var result = VerifierFor("").Verify(_mint.License(), Now);

        result.Error!.Detail.Should().Be(Issues + "no key with ID main");
    }

    [Fact]
    public void The_algorithm_is_judged_before_the_key()
    {
        Refuse(_mint.Token("{}", """{"alg":"HS256","kid":"other"}"""), Issues + "signing method HS256 is invalid");
    }

    [Theory]
    [InlineData("""{"alg":"HS256","alg":"EdDSA","kid":"other","kid":"main"}""")]
    [InlineData("""{"typ":{"deep":[1,2,{}]},"alg":"EdDSA","kid":"main","x5u":"http://example.com"}""")]
    [InlineData("""{"\u0061lg":"Ed\u0044SA","kid":"main"}""")]
    public void Of_equal_header_parameters_the_last_one_counts_and_others_do_not(string header)
    {
        var license = Accept(_mint.Token(_mint.Payload(), header));

        license.Claims.Version.Should().Be(3);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("\"EdDSA\"")]
    [InlineData("[{\"alg\":\"EdDSA\",\"kid\":\"main\"}]")]
    [InlineData("{}")]
    [InlineData("{\"kid\":\"main\"}")]
    [InlineData("{\"alg\":null,\"kid\":\"main\"}")]
    [InlineData("{\"alg\":7,\"kid\":\"main\"}")]
    [InlineData("{\"alg\":[\"EdDSA\"],\"kid\":\"main\"}")]
    [InlineData("{\"alg\":\"EdDSA\",\"kid\":\"main\"")]
    [InlineData("{\"alg\":\"EdDSA\",\"kid\":\"main\"}{}")]
    [InlineData("{\"alg\":\"EdDSA\",\"kid\":\"main\",}")]
    [InlineData("{\"alg\":\"Ed\\ud800SA\",\"kid\":\"main\"}")]
    [InlineData("{\"alg\":\"EdDSA\",\"kid\":\"\\udc00\"}")]
    [InlineData("{\"alg\":\"EdDSA\",\"kid\":\"main\",\"crit\":[\"b64\"],\"b64\":false}")]
    [InlineData("\uFEFF{\"alg\":\"EdDSA\",\"kid\":\"main\"}")]
    public void A_header_that_can_not_be_read_makes_the_token_malformed(string header)
    {
        Refuse(_mint.Token(_mint.Payload(), header), Issues + "token is malformed");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("{'version':3}")]
    public void A_payload_that_is_no_object_makes_the_token_malformed(string payload)
    {
        Refuse(_mint.Token(payload), Issues + "token is malformed");
    }

    [Fact]
    public void A_payload_that_is_not_UTF8_makes_the_token_malformed()
    {
        // {"a":"<ff>"}
        Refuse(_mint.SignSegments(LicenseMint.Encode(_mint.Header()) + ".eyJhIjoi_yJ9"), Issues + "token is malformed");
    }

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    [InlineData(10_000, false)]
    public void A_payload_is_nested_32_levels_deep_at_most(int levels, bool isAccepted)
    {
        var nest = new string('[', levels - 1) + new string(']', levels - 1);
        var token = _mint.Token(_mint.Payload()[..^1] + $",\"x\":{nest}}}");

        var isGood = _verifier.Verify(token, Now).Is(out _, out _);

        isGood.Should().Be(isAccepted);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("...")]
    [InlineData("....")]
    [InlineData("e30")]
    [InlineData("e30.e30")]
    [InlineData("e30.e30.e30")]
    [InlineData("\0")]
    [InlineData("\0.\0.\0")]
    [InlineData("ä.ö.ü")]
    [InlineData("\ud800.\udc00.\uffff")]
    [InlineData("🎫.🎫.🎫")]
    [InlineData("null")]
    public void Junk_is_malformed(string token)
    {
        Refuse(token, Issues + "token is malformed");
    }

    [Fact]
    public void Every_spoilt_spelling_of_a_good_token_is_malformed()
    {
        var token = _mint.License();
        var segments = token.Split('.');
        string[] spoilt =
        [
            token + ".",
            token + "." + segments[2],
            "." + token,
            segments[0] + "." + segments[1],
            string.Join('.', segments.Select(s => s.PadRight((s.Length + 3) / 4 * 4, '='))),
            token + "==",
            token.Replace(".", ". ", StringComparison.Ordinal),
            token.Insert(10, "\n"),
            token.Insert(10, "\0"),
            token + "\0",
            token.Insert(10, "+"),
            ForgedLicense.WithSegment(token, 2, segments[2][..^1]),
            ForgedLicense.WithSegment(token, 2, WithStrayBits(segments[2])),
            "Bearer " + token,
        ];

        var details = spoilt.Select(s => _verifier.Verify(s, Now).Error?.Detail);

        details.Should().AllBe(Issues + "token is malformed");
    }

    [Fact]
    public void A_token_may_have_65536_characters_and_not_one_more()
    {
        var start = _mint.Payload()[..^1] + ",\"x\":\"";
        var frame = _mint.Token("").Length + LicenseMint.Encode(start + "\"}").Length;

        // Each three bytes make four characters; the last step is tried out.
        var tokens = Enumerable.Range((JwtLicenseVerifier.MaxTokenLength - frame) / 4 * 3 - 3, 9)
            .Select(filler => _mint.Token(start + new string('x', filler) + "\"}"))
            .ToLookup(token => token.Length > JwtLicenseVerifier.MaxTokenLength);

        tokens[false].Max(token => token.Length).Should().BeGreaterThanOrEqualTo(JwtLicenseVerifier.MaxTokenLength - 1);
        tokens[false].Should().AllSatisfy(token => Accept(" " + token + " ").Token.Should().Be(token));
        tokens[true].Should().NotBeEmpty().And.AllSatisfy(token => Refuse(token, Issues + "token is too long"));
        Refuse(new string('A', JwtLicenseVerifier.MaxTokenLength), Issues + "token is malformed");
        Refuse(new string('.', 10_000_000), Issues + "token is too long");
    }

    [Fact]
    public void Every_trusted_key_signs()
    {
        var old = new LicenseMint(Now, "old");
        var verifier = VerifierFor($"{old.TrustedKeys},{_mint.TrustedKeys}");

        var results = new[] { old, _mint }.Select(mint => verifier.Verify(mint.License(), Now).Is(out _, out _));

        results.Should().AllBeEquivalentTo(true);
    }

    [Fact]
    public void The_token_is_in_no_text_form_of_the_outcome()
    {
        var token = _mint.License();

        var license = Accept(token);

        $"{license}".Should().NotContain(token.Split('.')[2]).And.NotContain(token.Split('.')[1]);
    }

    // The last of 86 characters carries only two bits of the 64 bytes; the other four are spare.
    private static string WithStrayBits(string signature) => signature[..^1] + signature[^1] switch
    {
        'A' => 'B',
        'Q' => 'R',
        'g' => 'h',
        'w' => 'x',
        var other => throw new InvalidOperationException($"unexpected last character {other}"),
    };

    private static JwtLicenseVerifier VerifierFor(string trustedKeys) =>
        TrustedLicenseKeys.Parse(trustedKeys).Is(out var keys, out var error)
            ? new JwtLicenseVerifier(keys)
            : throw new InvalidOperationException(error.Message);

    private VerifiedLicense Accept(string token)
    {
        _verifier.Verify(token, Now).Is(out var license, out var error);
        error.Should().BeNull();
        return license!;
    }

    private void Refuse(string token, string detail)
    {
        var error = _verifier.Verify(token, Now).Error;

        error.Should().BeEquivalentTo(new Error(ErrorKind.Invalid, "Invalid license", detail));
    }
}
