using System.Text.Json.Nodes;
using Coder.Domain.Licensing;
using Coder.Testing;

namespace Coder.Infrastructure.Tests.Licensing;

public sealed class JwtLicenseVerifierClaimsTests : LicenseUpload
{
    [Fact]
    public void A_good_license_is_taken_with_its_claims_and_its_own_id()
    {
        var id = new Guid("6f7b3c0e-0000-4000-8000-000000000001");
        var token = Mint.License(b => b.Premium(seats: 7).ManagedAgents(soft: 10, hard: 20).Id(id));

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
        var token = Mint.License(b => b.Claim("jti", JsonNode.Parse(jti)));

        var license = Accept(token);

        license.Uuid.Should().BeNull();
    }

    [Fact]
    public void The_payload_is_handed_on_verbatim()
    {
        var payload = Mint.Payload()[..^1] + """, "x":1.50e1 ,"x":[null,"é\u0041"], "big":123456789012345678901234567890}""";

        var license = Accept(Mint.Token(payload));

        license.PayloadJson.Should().Be(payload);
    }

    [Theory]
    [InlineData("""{"iss":5}""")]
    [InlineData("""{"iss":[1,{}],"sub":null,"aud":{"a":1}}""")]
    [InlineData("""{"account_type":1e400,"account_id":["x"],"nonsense":true}""")]
    public void Claims_that_nobody_checks_may_have_any_type(string extra)
    {
        var payload = Mint.Payload(b => b.Without("iss").Without("sub"))[..^1] + "," + extra[1..];

        var license = Accept(Mint.Token(payload));

        license.PayloadJson.Should().Be(payload);
    }

    [Fact]
    public void A_license_that_is_not_valid_yet_is_accepted()
    {
        var token = Mint.License(b => b.ValidFrom(Now.AddDays(30)));

        var license = Accept(token);

        license.Claims.NotBefore.Should().Be(Now.AddDays(30));
    }

    [Fact]
    public void A_license_in_its_grace_period_is_accepted()
    {
        var token = Mint.License(b => b.LicenseExpires(Now.AddSeconds(-1)).Expires(Now.AddSeconds(1)));

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
        var token = Mint.License(b => b.IssuedAt(begin).ValidFrom(begin).LicenseExpires(begin).Expires(Now.AddSeconds(-secondsAgo)));

        Refuse(token, Issues + "token is expired by " + since);
    }

    [Fact]
    public void A_license_from_the_future_is_refused_without_leeway()
    {
        Refuse(Mint.License(b => b.IssuedAt(Now.AddSeconds(1))), Issues + "token used before issued");
    }

    [Fact]
    public void A_license_that_expires_before_it_begins_is_refused()
    {
        var token = Mint.License(b => b.ValidFrom(Now.AddDays(2)).LicenseExpires(Now.AddDays(1)).Expires(Now.AddDays(1)));

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
        Refuse(Mint.License(b => b.Without(claim)), detail);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Another_version_is_refused(int version)
    {
        Refuse(Mint.License(b => b.Claim("version", version)), "license must be version 3");
    }

    [Fact]
    public void Missing_claims_are_reported_in_the_order_of_the_specification()
    {
        var token = Mint.Token("{}");

        Refuse(token, "license must be version 3");
        Refuse(Mint.Token("""{"version":3}"""), "license has invalid or missing iat (issued at) claim");
        Refuse(Mint.Token("""{"version":3,"iat":1}"""), "license has invalid or missing nbf (not before) claim");
        Refuse(Mint.Token("""{"version":3,"iat":1,"nbf":1}"""), "license has invalid or missing license_expires claim");
        Refuse(
            Mint.Token("""{"version":3,"iat":1,"nbf":1,"license_expires":1}"""),
            "license has invalid or missing exp (expires at) claim");
    }

    [Fact]
    public void Times_are_judged_before_required_claims()
    {
        Refuse(Mint.Token("""{"exp":1748779200}"""), Issues + "token is expired by 0h0m0s");
    }

    [Fact]
    public void The_signature_is_judged_before_the_times()
    {
        var expired = new LicenseMint(Now.AddYears(-5), Mint.KeyId).License();

        Refuse(expired, Issues + "signature is invalid");
    }

    [Fact]
    public void Types_are_judged_before_the_signature()
    {
        var token = ForgedLicense.WithPayload(Mint.License(), """{"version":"3"}""");

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
        var payload = Mint.Payload()[..^1] + $",\"{claim}\":{json}}}";

        Refuse(Mint.Token(payload), Issues + "token is malformed");
    }

    [Fact]
    public void Of_equal_claims_the_last_one_counts()
    {
        var payload = Mint.Payload(b => b.Claim("version", 2))[..^1] + """, "version":3}""";

        var license = Accept(Mint.Token(payload));

        license.Claims.Version.Should().Be(3);
    }
}
