using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Coder.Application.Common;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Api.Tests.Licensing;

/// <summary>docs/spec/licensing.md, sections 6 and 7.</summary>
public sealed class LicenseRefusalTests(LicenseRefusalTests.Deployment deployment) : IClassFixture<LicenseRefusalTests.Deployment>
{
    private const string Several = "license has multiple issues; contact support: ";

    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, (Func<LicenseMint, string> Token, string Detail)> Refusals = new(StringComparer.Ordinal)
    {
        ["some text"] = (_ => "certainly not a license", Several + "token is malformed"),
        ["two segments"] = (m => m.License().Split('.')[0] + "." + m.License().Split('.')[1], Several + "token is malformed"),
        ["four segments"] = (m => m.License() + ".AAAA", Several + "token is malformed"),
        ["padding"] = (m => m.License() + "==", Several + "token is malformed"),
        ["standard base64"] = (m => ForgedLicense.WithSegment(m.License(), 2, "++//"), Several + "token is malformed"),
        ["a NUL"] = (m => m.License() + "\0", Several + "token is malformed"),
        ["a header that is no object"] = (m => m.Token(m.Payload(), "[]"), Several + "token is malformed"),
        ["a payload that is no object"] = (m => m.Token("[1]"), Several + "token is malformed"),
        ["a payload that is no JSON"] = (m => m.Token("{"), Several + "token is malformed"),
        ["65,537 characters"] = (_ => new string('a', 65_537), Several + "token is too long"),
        ["alg none"] = (ForgedLicense.WithAlgorithmNone, Several + "signing method none is invalid"),
        ["alg HS256 with the public key"] = (ForgedLicense.HmacWithPublicKey, Several + "signing method HS256 is invalid"),
        ["alg RS256"] = (m => m.Token(m.Payload(), m.Header("RS256")), Several + "signing method RS256 is invalid"),
        ["alg in small letters"] = (m => m.Token(m.Payload(), m.Header("eddsa")), Several + "signing method eddsa is invalid"),
        ["a long alg"] = (
            m => m.Token(m.Payload(), m.Header(new string('x', 500))), Several + $"signing method {new string('x', 64)} is invalid"),
        ["no kid"] = (m => m.Token(m.Payload(), """{"alg":"EdDSA"}"""), Several + "JOSE header must contain kid"),
        ["an unknown kid"] = (m => m.Token(m.Payload(), """{"alg":"EdDSA","kid":"who"}"""), Several + "no key with ID who"),
        ["a long kid with control characters"] = (
            m => m.Token(m.Payload(), $$"""{"alg":"EdDSA","kid":"a\nb{{new string('k', 500)}}"}"""),
            Several + $"no key with ID ab{new string('k', 62)}"),
        ["a signature of somebody else"] = (m => new LicenseMint(Now, m.KeyId).License(), Several + "signature is invalid"),
        ["no signature"] = (m => ForgedLicense.WithoutSignature(m.License()), Several + "signature is invalid"),
        ["another payload"] = (
            m => ForgedLicense.WithPayload(m.License(), m.Payload(b => b.Seats(9000))), Several + "signature is invalid"),
        ["version as text"] = (m => m.License(b => b.Claim("version", "3")), Several + "token is malformed"),
        ["a fraction of a feature"] = (m => WithSeats(m, "1.5"), Several + "token is malformed"),
        ["a feature as text"] = (m => WithSeats(m, "\"1\""), Several + "token is malformed"),
        ["a feature as bool"] = (m => WithSeats(m, "true"), Several + "token is malformed"),
        ["a feature beyond 64 bits"] = (m => WithSeats(m, "9223372036854775808"), Several + "token is malformed"),
        ["a time beyond the calendar"] = (m => m.License(b => b.Claim("exp", long.MaxValue)), Several + "token is malformed"),
        ["expired"] = (
            m => m.License(b => b.IssuedAt(Now.AddDays(-9)).ValidFrom(Now.AddDays(-9)).Expires(Now.AddHours(-26).AddSeconds(-123))),
            Several + "token is expired by 26h2m3s"),
        ["expired in this second"] = (m => m.License(b => b.LicenseExpires(Now).Expires(Now)), Several + "token is expired by 0h0m0s"),
        ["issued in the future"] = (m => m.License(b => b.IssuedAt(Now.AddSeconds(1))), Several + "token used before issued"),
        ["never valid"] = (
            m => m.License(b => b.ValidFrom(Now.AddDays(3)).Expires(Now.AddDays(2))), Several + "not before is after expiry"),
        ["version 2"] = (m => m.License(b => b.Claim("version", 2)), "license must be version 3"),
        ["no version"] = (m => m.License(b => b.Without("version")), "license must be version 3"),
        ["no iat"] = (m => m.License(b => b.Without("iat")), "license has invalid or missing iat (issued at) claim"),
        ["no nbf"] = (m => m.License(b => b.Without("nbf")), "license has invalid or missing nbf (not before) claim"),
        ["no license_expires"] = (
            m => m.License(b => b.Without("license_expires")), "license has invalid or missing license_expires claim"),
        ["no exp"] = (m => m.License(b => b.Without("exp")), "license has invalid or missing exp (expires at) claim"),
        ["no claims at all"] = (m => m.Token("{}"), "license must be version 3"),
    };

    public static TheoryData<string> Cases => [.. Refusals.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_token_that_can_not_be_accepted_is_told_why(string @case)
    {
        var (token, detail) = Refusals[@case];

        using var response = await deployment.Owner.PostLicenseAsync(token(deployment.Server.Mint), Ct);

        (await response.ErrorAsync(Ct)).Should().Be((HttpStatusCode.BadRequest, "Invalid license", detail));
        (await deployment.Owner.LicensesAsync(Ct)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_license_for_other_deployments_is_refused_with_their_ids_and_ours()
    {
        var own = deployment.Server.Services.GetRequiredService<IDeployment>().Id;
        var one = new Guid("11111111-1111-4111-8111-111111111111");
        var two = new Guid("22222222-2222-4222-8222-222222222222");

        using var response = await deployment.Owner.PostLicenseAsync(deployment.Server.Mint.License(b => b.ForDeployments(one, two)), Ct);

        (await response.ErrorAsync(Ct)).Should().Be((
            HttpStatusCode.BadRequest,
            "License cannot be used on this deployment!",
            $"The provided license is locked to the following deployments: [\"{one}\" \"{two}\"]. Your deployment identifier is \"{own}\". Please contact sales."));
    }

    [Fact]
    public async Task A_license_for_this_deployment_among_others_is_accepted()
    {
        var info = await deployment.Server.Anonymous.GetFromJsonAsync<JsonObject>("/api/v2/buildinfo", Ct);
        var own = info!["deployment_id"]!.GetValue<Guid>();

        var license = await deployment.Owner.AddLicenseAsync(deployment.Server.Mint.License(b => b.ForDeployments(Guid.Empty, own)), Ct);

        (await deployment.Owner.DeleteLicenseAsync(license.Id(), Ct)).Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"license":null}""")]
    [InlineData("""{"license":""}""")]
    [InlineData("""{"license":" \t\n"}""")]
    [InlineData("""{"other":"x"}""")]
    public async Task Without_a_license_the_field_is_named(string body)
    {
        using var response = await PostAsync(body);

        var answer = await response.Content.ReadFromJsonAsync<JsonObject>(Ct);
        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        answer!["message"]!.GetValue<string>().Should().Be("Validation failed.");
        var field = answer["validations"]!.AsArray().Should().ContainSingle().Which!;
        field["field"]!.GetValue<string>().Should().Be("license");
        field["detail"]!.GetValue<string>().Should().Be("Validation failed for tag \"required\" with value: \"\"");
    }

    [Theory]
    [InlineData("")]
    [InlineData("license")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"license\":5}")]
    [InlineData("{\"license\":[\"a\"]}")]
    [InlineData("{\"license\":\"a\"} b")]
    [InlineData("{\"license\":\"a\"")]
    [InlineData("{\"license\":\"\\ud800\"}")]
    public async Task What_is_no_JSON_object_with_a_text_is_refused(string body)
    {
        using var response = await PostAsync(body);

        var (status, message, detail) = await response.ErrorAsync(Ct);
        (status, message).Should().Be((HttpStatusCode.BadRequest, "Request body must be valid JSON."));
        detail.Should().NotBeNullOrEmpty().And.NotContain("System").And.NotContain("Json");
    }

    [Fact]
    public async Task Of_equal_names_in_the_body_the_last_one_counts_whatever_their_case_and_whatever_the_content_type()
    {
        using var content = new StringContent(
            $$"""{"license":"first","more":1,"LICENSE":"{{deployment.Server.Mint.License()}}"}""",
            Encoding.UTF8,
            "application/x-www-form-urlencoded");

        using var response = await deployment.Owner.PostAsync(LicensingApi.Licenses, content, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.Created);
        var id = (await deployment.Owner.LicensesAsync(Ct)).Single()!.Id();
        await deployment.Owner.DeleteLicenseAsync(id, Ct);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_of_more_than_128_KiB_is_refused(bool isChunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, LicensingApi.Licenses)
        {
            Content = new StringContent($$"""{"license":"{{new string('a', 128 * 1024)}}"}"""),
        };
        request.Headers.TransferEncodingChunked = isChunked;

        using var response = await deployment.Owner.SendAsync(request, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
    }

    private static string WithSeats(LicenseMint mint, string seats) =>
        mint.Token(mint.Payload().Replace("\"user_limit\":100", $"\"user_limit\":{seats}", StringComparison.Ordinal));

    private async Task<HttpResponseMessage> PostAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await deployment.Owner.PostAsync(LicensingApi.Licenses, content, Ct);
    }

    public sealed class Deployment : IAsyncLifetime
    {
        public TestServer Server { get; private set; } = null!;

        public HttpClient Owner { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Server = await TestServer.StartAsync(null, Ct);
            Owner = await Server.CreateOwnerAsync(Ct);
            Server.Clock.GetUtcNow().Should().Be(Now);
        }

        public async ValueTask DisposeAsync()
        {
            Owner.Dispose();
            await Server.DisposeAsync();
        }
    }
}
