using System.Globalization;
using System.Text;
using Coder.Domain.Licensing;

namespace Coder.Domain.Tests.Licensing;

public sealed class LicenseTimesTests
{
    private static readonly DateTimeOffset Second = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    [Fact]
    public void A_license_is_expired_from_the_very_instant_of_its_expiry()
    {
        var claims = Read("iat", 0, "exp", 0);

        LicenseTimes.Check(claims, Second.AddTicks(-1)).Should().Be(RejectionReason.UsedBeforeIssued);
        LicenseTimes.Check(claims, Second)!.Text.Should().Be("token is expired by 0h0m0s");
        LicenseTimes.Check(claims, Second.AddHours(26))!.Text.Should().Be("token is expired by 26h0m0s");
    }

    [Fact]
    public void A_license_may_be_used_from_the_very_instant_of_its_issue()
    {
        var claims = Read("iat", 0, "exp", 10);

        LicenseTimes.Check(claims, Second.AddTicks(-1)).Should().Be(RejectionReason.UsedBeforeIssued);
        LicenseTimes.Check(claims, Second).Should().BeNull();
    }

    [Fact]
    public void Expiry_is_told_before_a_future_issue()
    {
        var claims = Read("iat", 100, "exp", 0);

        var reason = LicenseTimes.Check(claims, Second.AddSeconds(1));

        reason!.Text.Should().Be("token is expired by 0h0m1s");
    }

    [Fact]
    public void A_future_start_is_no_reason() => LicenseTimes.Check(Read("nbf", 100, "exp", 200), Second).Should().BeNull();

    [Fact]
    public void Absent_times_are_left_to_the_required_claims() => LicenseTimes.Check(Read("nbf", 0, "nbf", 0), Second).Should().BeNull();

    [Fact]
    public void Complete_claims_are_judged_alike()
    {
        var claims = Make.Claims();

        LicenseTimes.Check(claims, Make.Now).Should().BeNull();
        LicenseTimes.Check(claims, claims.IssuedAt.AddTicks(-1)).Should().Be(RejectionReason.UsedBeforeIssued);
        LicenseTimes.Check(claims, claims.Expires)!.Text.Should().Be("token is expired by 0h0m0s");
        LicenseTimes.IsNotYetValid(claims, claims.NotBefore.AddTicks(-1)).Should().BeTrue();
        LicenseTimes.IsNotYetValid(claims, claims.NotBefore).Should().BeFalse();
    }

    private static UncheckedClaims Read(string firstName, int firstOffset, string secondName, int secondOffset)
    {
        var start = Second.ToUnixTimeSeconds();
        var json = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"{{firstName}}":{{start + firstOffset}},"{{secondName}}":{{start + secondOffset}}}""");
        LicenseClaimsParser.TryRead(Encoding.UTF8.GetBytes(json), out var claims, out _).Should().BeTrue();
        return claims!;
    }
}
