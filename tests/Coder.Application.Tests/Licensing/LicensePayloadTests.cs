using System.Buffers.Text;
using System.Text;
using Coder.Application.Licensing;

namespace Coder.Application.Tests.Licensing;

public sealed class LicensePayloadTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"version":3,"unknown":{"a":[1,null]}}""")]
    [InlineData("""{"n":1.50,"m":1e3,"big":123456789012345678901234567890}""")]
    [InlineData("""{ "b" : 1 , "a" : 2 }""")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"text":"é\u00e9\u0000 🎫"}""")]
    [InlineData("""{"version":"not checked here"}""")]
    public void Claims_are_the_text_that_was_signed(string payload)
    {
        LicensePayload.ReadClaims(Token(payload)).Should().Be(payload);
    }

    [Theory]
    [InlineData("e30.eyJhIjoxfQ.")]
    [InlineData("e30.eyJhIjoxfQ.bm90IGEgc2lnbmF0dXJl")]
    [InlineData("%.eyJhIjoxfQ.%")]
    public void Nothing_but_the_payload_is_looked_at(string token)
    {
        LicensePayload.ReadClaims(token).Should().Be("""{"a":1}""");
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("e30")]
    [InlineData("e30.e30")]
    [InlineData("e30.e30.e30.e30")]
    [InlineData("e30.e30=.e30")]
    [InlineData("e30.e31.e30")]
    [InlineData("e30.W10.e30")]
    [InlineData("e30.bnVsbA.e30")]
    [InlineData("e30.e3.e30")]
    [InlineData("e30.eyJhIjoi_yJ9.e30")]
    [InlineData("a.\0.b")]
    [InlineData("🎫.🎫.🎫")]
    public void A_damaged_token_has_no_claims(string token)
    {
        LicensePayload.ReadClaims(token).Should().Be("{}");
    }

    [Fact]
    public void White_space_around_a_token_that_was_edited_does_not_matter()
    {
        LicensePayload.ReadClaims("\n" + Token("""{"a":1}""") + "\n").Should().Be("""{"a":1}""");
    }

    [Fact]
    public void Claims_too_deep_for_an_answer_are_left_out()
    {
        var nest = new string('[', 40) + new string(']', 40);

        LicensePayload.ReadClaims(Token($$"""{"a":{{nest}}}""")).Should().Be("{}");
    }

    private static string Token(string payload) => $"e30.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}.c2ln";
}
