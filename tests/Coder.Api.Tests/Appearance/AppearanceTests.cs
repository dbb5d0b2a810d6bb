using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Api.Tests.Http;
using Coder.Api.Tests.Licensing;
using Coder.Testing;

namespace Coder.Api.Tests.Appearance;

public sealed class AppearanceTests : LicensingServerTests
{
    private const string Path = "/api/v2/appearance";

    private const string Plain =
        """{"application_name":"","logo_url":"","docs_url":"https://coder.com/docs","service_banner":{"enabled":false,"message":"","background_color":""},"announcement_banners":[],"support_links":[]}""";

    private const string Chosen =
        """{"application_name":"Werk","logo_url":"https://example.com/logo.png","announcement_banners":[{"enabled":false},{"enabled":true,"message":"Hallo","background_color":"#00fFa0"}]}""";

    [Fact]
    public async Task Without_a_choice_everybody_sees_the_product_as_it_comes()
    {
        var anonymous = await Server.Anonymous.GetStringAsync(Path, Ct);
        var stranger = await Server.With("no-token").GetStringAsync(Path, Ct);

        anonymous.Should().Be(Plain);
        stranger.Should().Be(Plain);
    }

    [Fact]
    public async Task A_choice_is_kept_without_the_feature_and_shown_with_it()
    {
        var kept = await PutAsync(Owner, Chosen);
        var without = await Server.Anonymous.GetStringAsync(Path, Ct);
        await Owner.AddLicenseAsync(Server.Mint.License(), Ct);
        var with = await GetAsync(Server);

        kept.StatusCode.Should().Be(HttpStatusCode.OK);
        (await kept.Content.ReadAsStringAsync(Ct)).Should().Be(
            """{"application_name":"Werk","logo_url":"https://example.com/logo.png","service_banner":{"enabled":true,"message":"Hallo","background_color":"#00fFa0"},"announcement_banners":[{"enabled":false,"message":"","background_color":""},{"enabled":true,"message":"Hallo","background_color":"#00fFa0"}]}""");
        without.Should().Be(Plain);
        with["application_name"]!.GetValue<string>().Should().Be("Werk");
        with["logo_url"]!.GetValue<string>().Should().Be("https://example.com/logo.png");
        with["announcement_banners"]!.AsArray().Should().HaveCount(2);
        with["service_banner"]!["message"]!.GetValue<string>().Should().Be("Hallo");
    }

    [Fact]
    public async Task Clients_that_know_one_banner_set_that_one()
    {
        await Owner.AddLicenseAsync(Server.Mint.License(), Ct);

        await PutAsync(Owner, """{"service_banner":{"enabled":true,"message":"one","background_color":"#000000"}}""");

        var shown = await GetAsync(Server);
        shown["announcement_banners"]!.AsArray().Should().ContainSingle().Which!["message"]!.GetValue<string>().Should().Be("one");
        shown["application_name"]!.GetValue<string>().Should().BeEmpty("a choice replaces all of the one before");
    }

    [Theory]
    [InlineData("red")]
    [InlineData("#fff")]
    [InlineData("#12345g")]
    [InlineData("#1234567")]
    [InlineData("")]
    public async Task A_colour_has_six_hexadecimal_digits(string color)
    {
        var body = $$"""{"announcement_banners":[{"enabled":true,"message":"m","background_color":"{{color}}"}]}""";

        var response = await PutAsync(Owner, body);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(
            new { Status = HttpStatusCode.BadRequest, Message = $"Invalid color format: \"{color}\"" });
    }

    [Theory]
    [InlineData("")]
    [InlineData("auditor")]
    [InlineData("user-admin")]
    public async Task Only_owners_change_the_appearance(string role)
    {
        using var user = await Server.AddUserAsync(roles: role.Length == 0 ? [] : [role], Ct);

        var response = await PutAsync(user.Client, Chosen);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(
            new { Status = HttpStatusCode.Forbidden, Message = "Insufficient permissions to update appearance" });
        (await PutAsync(Server.Anonymous, Chosen)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Other_servers_of_the_deployment_show_a_change_and_a_new_one_starts_with_it()
    {
        await Owner.AddLicenseAsync(Server.Mint.License(), Ct);
        await using var other = await TestServer.StartAsync(null, Ct, beside: Server);

        await PutAsync(Owner, Chosen);

        var seen = await Eventually.ReadAsync(() => GetAsync(other), a => a["application_name"]!.GetValue<string>() == "Werk", Ct);
        seen["application_name"]!.GetValue<string>().Should().Be("Werk");
        await using var late = await TestServer.StartAsync(null, Ct, beside: Server);
        (await GetAsync(late))["application_name"]!.GetValue<string>().Should().Be("Werk");
    }

    [Fact]
    public async Task Reading_costs_no_statement()
    {
        using var log = new StatementLog();

        var statements = await log.OfAsync(() => Server.Anonymous.GetAsync(Path, Ct), Ct);

        statements.Should().BeEmpty();
    }

    private static async Task<JsonObject> GetAsync(TestServer server) =>
        (await server.Anonymous.GetFromJsonAsync<JsonObject>(Path, Ct))!;

    private static async Task<HttpResponseMessage> PutAsync(HttpClient client, string body)
    {
        using var content = new StringContent(body);
        return await client.PutAsync(Path, content, Ct);
    }
}
