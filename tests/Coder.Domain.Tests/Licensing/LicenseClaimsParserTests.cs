using System.Text;
using System.Text.Json;
using Coder.Domain.Common;
using Coder.Domain.Licensing;

namespace Coder.Domain.Tests.Licensing;

public sealed class LicenseClaimsParserTests
{
    private const string Times = """ "version":3,"iat":1700000000,"nbf":1700000100,"license_expires":1800000000,"exp":1800000200 """;

    [Fact]
    public void All_claims_are_read()
    {
        var json = """
            {"version":3,"iat":1700000000,"nbf":1700000100,"license_expires":1800000000,"exp":1800000200,
             "jti":"7D0F6C9A-0B3C-4B5E-9C1B-0A1B2C3D4E5F","feature_set":"Premium","all_features":true,
             "features":{"user_limit":100,"managed_agent_limit_soft":1,"managed_agent_limit_hard":-2,"new_thing":9223372036854775807},
             "trial":true,"require_telemetry":true,"publish_usage_data":true,"deployment_ids":["a","b"],
             "account_type":"salesforce","account_id":17,"iss":"x","sub":"someone@example.com","other":{"a":[1,null]}}
            """;

        var claims = Parse(json);

        claims.Should().BeEquivalentTo(new LicenseClaims
        {
            Version = 3,
            IssuedAt = DateTimeOffset.FromUnixTimeSeconds(1700000000),
            NotBefore = DateTimeOffset.FromUnixTimeSeconds(1700000100),
            LicenseExpires = DateTimeOffset.FromUnixTimeSeconds(1800000000),
            Expires = DateTimeOffset.FromUnixTimeSeconds(1800000200),
            Id = Guid.Parse("7d0f6c9a-0b3c-4b5e-9c1b-0a1b2c3d4e5f"),
            FeatureSet = FeatureSet.Premium,
            AllFeatures = true,
            Features = new Dictionary<string, long>(StringComparer.Ordinal)
            {
                ["user_limit"] = 100,
                ["managed_agent_limit_soft"] = 1,
                ["managed_agent_limit_hard"] = -2,
                ["new_thing"] = long.MaxValue,
            },
            Trial = true,
            RequireTelemetry = true,
            PublishUsageData = true,
            DeploymentIds = ["a", "b"],
        });
    }

    [Fact]
    public void What_is_absent_has_its_default()
    {
        var claims = Parse($"{{{Times}}}");

        claims.Id.Should().BeNull();
        claims.FeatureSet.Should().Be(FeatureSet.None);
        claims.Features.Should().BeEmpty();
        claims.DeploymentIds.Should().BeEmpty();
        (claims.AllFeatures, claims.Trial, claims.RequireTelemetry, claims.PublishUsageData).Should().Be((false, false, false, false));
    }

    [Fact]
    public void Null_is_absent_and_a_feature_that_is_null_is_zero()
    {
        var claims = Parse($$"""
            { {{Times}},"jti":null,"feature_set":null,"all_features":null,"trial":null,"require_telemetry":null,
             "publish_usage_data":null,"deployment_ids":null,"features":{"audit_log":null}
            }
            """);

        claims.Features.Should().Equal(new Dictionary<string, long>(StringComparer.Ordinal) { ["audit_log"] = 0 });
        claims.DeploymentIds.Should().BeEmpty();
        claims.Trial.Should().BeFalse();
        Parse($"{{{Times},\"features\":null}}").Features.Should().BeEmpty();
    }

    [Theory]
    [InlineData("not a uuid")]
    [InlineData("")]
    public void An_id_that_is_no_uuid_is_absent(string jti) => Parse($"{{{Times},\"jti\":\"{jti}\"}}").Id.Should().BeNull();

    [Fact]
    public void Fractions_and_exponents_of_times_are_cut_to_whole_seconds()
    {
        var claims = Parse("""{"version":3,"iat":1700000000.999,"nbf":1.7e9,"license_expires":1800000000.0,"exp":1800000000.5}""");

        claims.IssuedAt.ToUnixTimeSeconds().Should().Be(1700000000);
        claims.IssuedAt.Millisecond.Should().Be(0);
        claims.NotBefore.ToUnixTimeSeconds().Should().Be(1700000000);
        claims.Expires.ToUnixTimeMilliseconds().Should().Be(1800000000000);
    }

    [Fact]
    public void Of_equal_names_the_last_one_counts()
    {
        var claims = Parse("""
            {"version":"x","version":3,"iat":1,"iat":1700000000,"nbf":2,"license_expires":3,"exp":true,"exp":4,
             "features":{"a":"wrong"},"features":{"audit_log":"wrong","audit_log":7}}
            """);

        claims.IssuedAt.ToUnixTimeSeconds().Should().Be(1700000000);
        claims.Features.Should().Equal(new Dictionary<string, long>(StringComparer.Ordinal) { ["audit_log"] = 7 });
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("3")]
    [InlineData("\"text\"")]
    [InlineData("{} {}")]
    [InlineData("{\"version\":3,}")]
    [InlineData("{\"version\":3")]
    public void A_payload_that_is_no_json_object_is_malformed(string json) => Reason(json).Should().Be("token is malformed");

    [Theory]
    [InlineData("\"version\":\"3\"")]
    [InlineData("\"version\":3.5")]
    [InlineData("\"version\":9223372036854775808")]
    [InlineData("\"version\":true")]
    [InlineData("\"iat\":\"1700000000\"")]
    [InlineData("\"nbf\":true")]
    [InlineData("\"license_expires\":{}")]
    [InlineData("\"exp\":[1]")]
    [InlineData("\"exp\":253402300800")]
    [InlineData("\"nbf\":-62135596801")]
    [InlineData("\"iat\":9223372036854775808")]
    [InlineData("\"iat\":1e400")]
    [InlineData("\"jti\":1")]
    [InlineData("\"feature_set\":1")]
    [InlineData("\"all_features\":1")]
    [InlineData("\"all_features\":\"true\"")]
    [InlineData("\"trial\":0")]
    [InlineData("\"require_telemetry\":\"\"")]
    [InlineData("\"publish_usage_data\":[]")]
    [InlineData("\"features\":[]")]
    [InlineData("\"features\":\"x\"")]
    [InlineData("\"features\":{\"audit_log\":1.5}")]
    [InlineData("\"features\":{\"audit_log\":1.0}")]
    [InlineData("\"features\":{\"audit_log\":\"1\"}")]
    [InlineData("\"features\":{\"audit_log\":true}")]
    [InlineData("\"features\":{\"unknown\":false}")]
    [InlineData("\"features\":{\"user_limit\":9223372036854775808}")]
    [InlineData("\"features\":{\"user_limit\":-9223372036854775809}")]
    [InlineData("\"deployment_ids\":\"a\"")]
    [InlineData("\"deployment_ids\":[1]")]
    [InlineData("\"feature_set\":\"\\ud800\"")]
    [InlineData("\"\\udc00\":1")]
    public void A_claim_of_another_type_or_range_makes_the_license_malformed(string claim) =>
        Reason($"{{{Times},{claim}}}").Should().Be("token is malformed");

    [Fact]
    public void Bytes_that_are_no_utf8_make_the_license_malformed()
    {
        byte[] payload = [.. Encoding.UTF8.GetBytes($"{{{Times},\"jti\":\""), 0xFF, .. "\"}"u8];

        var parsed = LicenseClaimsParser.TryParse(payload, out var claims, out var reason);

        parsed.Should().BeFalse();
        claims.Should().BeNull();
        reason.Should().Be(RejectionReason.Malformed);
    }

    [Theory]
    [InlineData("{}", "license must be version 3")]
    [InlineData("""{"version":2,"iat":1}""", "license must be version 3")]
    [InlineData("""{"version":null}""", "license must be version 3")]
    [InlineData("""{"version":3}""", "license has invalid or missing iat (issued at) claim")]
    [InlineData("""{"version":3,"iat":null,"nbf":1}""", "license has invalid or missing iat (issued at) claim")]
    [InlineData("""{"version":3,"iat":1}""", "license has invalid or missing nbf (not before) claim")]
    [InlineData("""{"version":3,"iat":1,"nbf":1}""", "license has invalid or missing license_expires claim")]
    [InlineData("""{"version":3,"iat":1,"nbf":1,"license_expires":1}""", "license has invalid or missing exp (expires at) claim")]
    public void Required_claims_are_asked_for_in_order_and_by_name(string json, string text)
    {
        var result = LicenseClaimsParser.Parse(Encoding.UTF8.GetBytes(json));

        Reason(json).Should().Be(text);
        result.Error.Should().Be(new Error(ErrorKind.Invalid, "Invalid license", text));
    }

    [Fact]
    public void A_license_that_begins_after_its_expiry_is_refused()
    {
        var result = LicenseClaimsParser.Parse("""{"version":3,"iat":1,"nbf":5,"license_expires":2,"exp":4}"""u8);

        result.Error.Should().Be(new Error(
            ErrorKind.Invalid, "Invalid license", "license has multiple issues; contact support: not before is after expiry"));
    }

    [Fact]
    public void A_license_may_begin_and_expire_at_the_same_instant() =>
        LicenseClaimsParser.Parse("""{"version":3,"iat":1,"nbf":4,"license_expires":2,"exp":4}"""u8).Error.Should().BeNull();

    [Fact]
    public void Types_are_judged_before_required_claims_so_that_a_verifier_can_step_in_between()
    {
        using var document = JsonDocument.Parse("""{"exp":1700000000}""");

        var read = LicenseClaimsParser.TryRead(document.RootElement, out var claims, out _);
        var complete = LicenseClaimsParser.TryComplete(claims!, out _, out var reason);

        read.Should().BeTrue();
        claims!.Expires.Should().Be(DateTimeOffset.FromUnixTimeSeconds(1700000000));
        (claims.Version, claims.IssuedAt, claims.NotBefore, claims.LicenseExpires).Should().Be((0, null, null, null));
        complete.Should().BeFalse();
        reason.Should().Be(RejectionReason.WrongVersion);
    }

    [Fact]
    public void A_json_element_that_is_no_object_is_malformed()
    {
        var read = LicenseClaimsParser.TryRead(default(JsonElement), out var claims, out var reason);

        read.Should().BeFalse();
        claims.Should().BeNull();
        reason.Should().Be(RejectionReason.Malformed);
    }

    [Theory]
    [InlineData("enterprise", false, FeatureSet.Enterprise)]
    [InlineData("premium", true, FeatureSet.Premium)]
    [InlineData("", true, FeatureSet.Enterprise)]
    [InlineData("", false, FeatureSet.None)]
    [InlineData("gold", true, FeatureSet.Unknown)]
    public void All_features_stands_for_enterprise_only_when_no_set_is_named(string set, bool allFeatures, FeatureSet expected) =>
        Parse($"{{{Times},\"feature_set\":\"{set}\",\"all_features\":{(allFeatures ? "true" : "false")}}}")
            .EffectiveFeatureSet.Should().Be(expected);

    [Theory]
    [InlineData("[]", true)]
    [InlineData("[\"other\"]", false)]
    [InlineData("[\"other\",\"0F8FAD5B-D9CB-469F-A165-70867728950E\"]", true)]
    [InlineData("[null]", false)]
    public void A_license_with_deployment_ids_is_for_these_deployments_only(string ids, bool expected) =>
        Parse($"{{{Times},\"deployment_ids\":{ids}}}").IsFor("0f8fad5b-d9cb-469f-a165-70867728950e").Should().Be(expected);

    [Fact]
    public void Claims_do_not_change_with_the_collections_they_were_made_of()
    {
        var features = new Dictionary<string, long>(StringComparer.Ordinal) { ["audit_log"] = 1 };
        var claims = Make.Claims() with { Features = features };

        features.Clear();

        claims.Features.Should().ContainKey("audit_log");
    }

    private static LicenseClaims Parse(string json) =>
        LicenseClaimsParser.Parse(Encoding.UTF8.GetBytes(json)).Match(x => x, error => throw new InvalidOperationException(error.Detail));

    private static string? Reason(string json) =>
        LicenseClaimsParser.TryParse(Encoding.UTF8.GetBytes(json), out _, out var reason) ? null : reason.Text;
}
