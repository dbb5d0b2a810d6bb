using Coder.Domain.Licensing;
using Coder.Infrastructure.Licensing;
using Coder.Testing;

namespace Coder.Infrastructure.Tests.Licensing;

public sealed class JwtLicenseVerifierStoredTests
{
    private static readonly DateTimeOffset Now = new(2025, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Uuid = new("6f7b3c0e-0000-4000-8000-000000000001");

    private readonly LicenseMint _mint = new(Now, "main");

    [Fact]
    public void A_good_token_becomes_claims_under_the_id_of_its_row()
    {
        var license = VerifierFor(_mint.TrustedKeys).Read(7, Uuid, _mint.License(b => b.Seats(9)));

        license.LicenseId.Should().Be(7);
        license.Uuid.Should().Be(Uuid);
        license.Rejection.Should().BeNull();
        license.Claims!.Features.Should().Contain("user_limit", 9);
    }

    [Fact]
    public void Times_are_left_to_the_evaluation()
    {
        var verifier = VerifierFor(_mint.TrustedKeys);
        var past = _mint.License(b => b
            .IssuedAt(Now.AddYears(-9)).ValidFrom(Now.AddYears(-9)).LicenseExpires(Now.AddYears(-8)).Expires(Now.AddYears(-8)));
        var future = _mint.License(b => b
            .IssuedAt(Now.AddYears(50)).ValidFrom(Now.AddYears(50)).LicenseExpires(Now.AddYears(51)).Expires(Now.AddYears(51)));

        var licenses = new[] { verifier.Read(1, Uuid, past), verifier.Read(2, Uuid, future) };

        licenses.Should().OnlyContain(license => license.Rejection == null);
    }

    [Fact]
    public void A_damaged_or_foreign_token_becomes_a_rejection()
    {
        var verifier = VerifierFor(_mint.TrustedKeys);
        var token = _mint.License();
        var stranger = new LicenseMint(Now, "stranger");
        (string Token, string Reason)[] cases =
        [
            ("", "token is malformed"),
            ("\0\ud800", "token is malformed"),
            (token[..^1], "token is malformed"),
            (new string('x', 70_000), "token is too long"),
            (ForgedLicense.WithoutSignature(token), "signature is invalid"),
            (ForgedLicense.WithPayload(token, "{}"), "signature is invalid"),
            (ForgedLicense.WithAlgorithmNone(_mint), "signing method none is invalid"),
            (stranger.License(), "no key with ID stranger"),
            (_mint.Token("[]"), "token is malformed"),
            (_mint.License(b => b.Claim("version", 1)), "license must be version 3"),
            (_mint.License(b => b.Without("exp")), "license has invalid or missing exp (expires at) claim"),
            (_mint.License(b => b.Expires(Now.AddDays(-1))), "not before is after expiry"),
        ];

        var read = cases.Select((c, i) => verifier.Read(i, Uuid, c.Token)).ToList();

        read.Select(license => license.Rejection?.Text).Should().Equal(cases.Select(c => c.Reason));
        read.Should().OnlyContain(license => license.Claims == null && license.Uuid == Uuid);
    }

    [Fact]
    public void The_claims_of_a_license_are_parsed_once()
    {
        var verifier = VerifierFor(_mint.TrustedKeys);
        var token = _mint.License();

        var first = verifier.Read(1, Uuid, token);
        var second = verifier.Read(1, Uuid, new string(token.AsSpan()));

        second.Claims.Should().BeSameAs(first.Claims);
    }

    [Fact]
    public void A_row_whose_token_was_edited_is_judged_again()
    {
        var verifier = VerifierFor(_mint.TrustedKeys);
        var token = _mint.License();

        var before = verifier.Read(1, Uuid, token);
        var edited = verifier.Read(1, Uuid, ForgedLicense.WithoutSignature(token));
        var repaired = verifier.Read(1, Uuid, token);

        before.Rejection.Should().BeNull();
        edited.Rejection.Should().Be(RejectionReason.BadSignature);
        repaired.Rejection.Should().BeNull();
    }

    [Fact]
    public void Other_keys_give_another_verdict()
    {
        var token = _mint.License();

        var trusted = VerifierFor(_mint.TrustedKeys).Read(1, Uuid, token);
        var untrusted = VerifierFor("").Read(1, Uuid, token);

        trusted.Claims.Should().NotBeNull();
        untrusted.Rejection!.Text.Should().Be("no key with ID main");
    }

    private static JwtLicenseVerifier VerifierFor(string trustedKeys) =>
        TrustedLicenseKeys.Parse(trustedKeys).Is(out var keys, out var error)
            ? new JwtLicenseVerifier(keys)
            : throw new InvalidOperationException(error.Message);
}
