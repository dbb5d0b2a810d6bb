using System.Text.Json;
using Coder.Testing;

namespace Coder.Infrastructure.Tests.Licensing;

public sealed class JwtLicenseVerifierHeaderTests : LicenseUpload
{
    [Fact]
    public void A_payload_that_changed_is_refused()
    {
        var token = Mint.License(b => b.Seats(1));

        Refuse(ForgedLicense.WithPayload(token, Mint.Payload(b => b.Seats(1000))), Issues + "signature is invalid");
    }

    [Fact]
    public void A_header_that_changed_is_refused()
    {
        var token = Mint.License();
        var header = LicenseMint.Encode($$"""{"kid":"{{Mint.KeyId}}","alg":"EdDSA"}""");

        Refuse(ForgedLicense.WithSegment(token, 0, header), Issues + "signature is invalid");
    }

    [Fact]
    public void A_license_of_another_vendor_under_our_key_id_is_refused()
    {
        var stranger = new LicenseMint(Now, Mint.KeyId);

        Refuse(stranger.License(), Issues + "signature is invalid");
    }

    [Fact]
    public void A_missing_signature_is_refused()
    {
        Refuse(ForgedLicense.WithoutSignature(Mint.License()), Issues + "signature is invalid");
    }

    [Fact]
    public void The_token_does_not_choose_how_it_is_verified()
    {
        Refuse(ForgedLicense.HmacWithPublicKey(Mint), Issues + "signing method HS256 is invalid");
        Refuse(ForgedLicense.WithAlgorithmNone(Mint), Issues + "signing method none is invalid");
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
        var token = Mint.Token(Mint.Payload(), Mint.Header(algorithm));

        Refuse(token, Issues + $"signing method {algorithm} is invalid");
    }

    [Fact]
    public void A_foreign_algorithm_is_cut_to_64_printable_characters()
    {
        var header = JsonSerializer.Serialize(new { alg = "\0\n\u001b[31m\u202e" + new string('x', 100), kid = Mint.KeyId });

        Refuse(Mint.Token(Mint.Payload(), header), Issues + $"signing method [31m{new string('x', 60)} is invalid");
    }

    [Fact]
    public void A_foreign_key_id_is_cut_to_64_printable_characters()
    {
        var header = JsonSerializer.Serialize(new { alg = "EdDSA", kid = "\0é\r\n" + new string('k', 100) });

        Refuse(Mint.Token(Mint.Payload(), header), Issues + $"no key with ID é{new string('k', 63)}");
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
        Refuse(Mint.Token(Mint.Payload(), header), Issues + "JOSE header must contain kid");
    }

    [Theory]
    [InlineData("other")]
    [InlineData("MAIN")]
    [InlineData(" main")]
    public void A_key_that_is_not_trusted_is_named(string keyId)
    {
        var token = Mint.Token(Mint.Payload(), $$"""{"alg":"EdDSA","kid":"{{keyId}}"}""");

        Refuse(token, Issues + $"no key with ID {keyId}");
    }

    [Fact]
    public void Without_keys_no_license_is_good()
    {
        var result = VerifierFor("").Verify(Mint.License(), Now);

        result.Error!.Detail.Should().Be(Issues + "no key with ID main");
    }

    [Fact]
    public void The_algorithm_is_judged_before_the_key()
    {
        Refuse(Mint.Token("{}", """{"alg":"HS256","kid":"other"}"""), Issues + "signing method HS256 is invalid");
    }

    [Theory]
    [InlineData("""{"alg":"HS256","alg":"EdDSA","kid":"other","kid":"main"}""")]
    [InlineData("""{"typ":{"deep":[1,2,{}]},"alg":"EdDSA","kid":"main","x5u":"http://example.com"}""")]
    [InlineData("""{"\u0061lg":"Ed\u0044SA","kid":"main"}""")]
    public void Of_equal_header_parameters_the_last_one_counts_and_others_do_not(string header)
    {
        var license = Accept(Mint.Token(Mint.Payload(), header));

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
        Refuse(Mint.Token(Mint.Payload(), header), Issues + "token is malformed");
    }

    [Fact]
    public void Every_trusted_key_signs()
    {
        var old = new LicenseMint(Now, "old");
        var verifier = VerifierFor($"{old.TrustedKeys},{Mint.TrustedKeys}");

        var results = new[] { old, Mint }.Select(mint => verifier.Verify(mint.License(), Now).Is(out _, out _));

        results.Should().AllBeEquivalentTo(true);
    }
}
