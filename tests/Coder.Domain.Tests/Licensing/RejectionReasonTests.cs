using Coder.Domain.Common;
using Coder.Domain.Licensing;

namespace Coder.Domain.Tests.Licensing;

public sealed class RejectionReasonTests
{
    public static TheoryData<RejectionReason, string> Reasons => new()
    {
        { RejectionReason.Malformed, "token is malformed" },
        { RejectionReason.TooLong, "token is too long" },
        { RejectionReason.SigningMethod("HS256"), "signing method HS256 is invalid" },
        { RejectionReason.KeyIdMissing, "JOSE header must contain kid" },
        { RejectionReason.UnknownKey("2022-08-12"), "no key with ID 2022-08-12" },
        { RejectionReason.BadSignature, "signature is invalid" },
        { RejectionReason.ExpiredBy(new TimeSpan(2, 3, 4, 5, 999)), "token is expired by 51h4m5s" },
        { RejectionReason.ExpiredBy(TimeSpan.Zero), "token is expired by 0h0m0s" },
        { RejectionReason.UsedBeforeIssued, "token used before issued" },
        { RejectionReason.NotBeforeAfterExpiry, "not before is after expiry" },
    };

    [Theory]
    [MemberData(nameof(Reasons))]
    public void A_token_that_cannot_be_accepted_is_told_why(RejectionReason reason, string text)
    {
        var error = reason.ToError();

        reason.Text.Should().Be(text);
        reason.ToString().Should().Be(text);
        error.Should().Be(new Error(ErrorKind.Invalid, "Invalid license", $"license has multiple issues; contact support: {text}"));
    }

    [Fact]
    public void Foreign_text_is_cut_to_64_printable_characters()
    {
        var foreign = "a\r\nb\u0000\u202Ec" + new string('x', 100);

        var reason = RejectionReason.UnknownKey(foreign);

        reason.Text.Should().Be("no key with ID abc" + new string('x', 61));
    }

    [Fact]
    public void Foreign_text_may_be_missing_and_half_a_character()
    {
        RejectionReason.SigningMethod(null).Text.Should().Be("signing method  is invalid");
        RejectionReason.SigningMethod("\ud83d").Text.Should().Be("signing method \ufffd is invalid");
        RejectionReason.SigningMethod("😀").Text.Should().Be("signing method 😀 is invalid");
    }
}
