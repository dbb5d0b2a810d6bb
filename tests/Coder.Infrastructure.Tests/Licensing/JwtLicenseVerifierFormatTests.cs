using Coder.Infrastructure.Licensing;
using Coder.Testing;

namespace Coder.Infrastructure.Tests.Licensing;

public sealed class JwtLicenseVerifierFormatTests : LicenseUpload
{
    [Theory]
    [InlineData(" ")]
    [InlineData("\r\n")]
    [InlineData("\t\n ")]
    public void White_space_around_a_token_does_not_count(string space)
    {
        var token = Mint.License();

        var license = Accept(space + token + space);

        license.Token.Should().Be(token);
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
        Refuse(Mint.Token(payload), Issues + "token is malformed");
    }

    [Fact]
    public void A_payload_that_is_not_UTF8_makes_the_token_malformed()
    {
        // {"a":"<ff>"}
        Refuse(Mint.SignSegments(LicenseMint.Encode(Mint.Header()) + ".eyJhIjoi_yJ9"), Issues + "token is malformed");
    }

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    [InlineData(10_000, false)]
    public void A_payload_is_nested_32_levels_deep_at_most(int levels, bool isAccepted)
    {
        var nest = new string('[', levels - 1) + new string(']', levels - 1);
        var token = Mint.Token(Mint.Payload()[..^1] + $",\"x\":{nest}}}");

        var isGood = Verifier.Verify(token, Now).Is(out _, out _);

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
        var token = Mint.License();
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

        var details = spoilt.Select(s => Verifier.Verify(s, Now).Error?.Detail);

        details.Should().AllBe(Issues + "token is malformed");
    }

    [Fact]
    public void A_token_may_have_65536_characters_and_not_one_more()
    {
        var start = Mint.Payload()[..^1] + ",\"x\":\"";
        var frame = Mint.Token("").Length + LicenseMint.Encode(start + "\"}").Length;

        // Each three bytes make four characters; the last step is tried out.
        var tokens = Enumerable.Range((JwtLicenseVerifier.MaxTokenLength - frame) / 4 * 3 - 3, 9)
            .Select(filler => Mint.Token(start + new string('x', filler) + "\"}"))
            .ToLookup(token => token.Length > JwtLicenseVerifier.MaxTokenLength);

        tokens[false].Max(token => token.Length).Should().BeGreaterThanOrEqualTo(JwtLicenseVerifier.MaxTokenLength - 1);
        tokens[false].Should().AllSatisfy(token => Accept(" " + token + " ").Token.Should().Be(token));
        tokens[true].Should().NotBeEmpty().And.AllSatisfy(token => Refuse(token, Issues + "token is too long"));
        Refuse(new string('A', JwtLicenseVerifier.MaxTokenLength), Issues + "token is malformed");
        Refuse(new string('.', 10_000_000), Issues + "token is too long");
    }

    [Fact]
    public void The_token_is_in_no_text_form_of_the_outcome()
    {
        var token = Mint.License();

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
}
