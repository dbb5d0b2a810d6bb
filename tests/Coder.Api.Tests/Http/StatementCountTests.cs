using System.Text.Json.Nodes;
using Coder.Api.Tests.Users;
using Coder.Testing;

namespace Coder.Api.Tests.Http;

/// <summary>The round trip to the database is the unit of cost; the hot routes make as few as can be.</summary>
public sealed class StatementCountTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reading_oneself_costs_no_more_than_the_session()
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        using var owner = await server.CreateOwnerAsync(Ct);
        using var log = new StatementLog();

        var statements = await log.OfAsync(() => owner.GetAsync("/api/v2/users/me", Ct), Ct);

        statements.Should().ContainSingle().Which.Should().Contain("from api_keys");
    }

    [Fact]
    public async Task Reading_a_user_costs_one_statement_for_the_session_and_one_for_the_user()
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        using var owner = await server.CreateOwnerAsync(Ct);
        var id = (await ReadAsync(owner, "me"))["id"]!.GetValue<string>();
        using var log = new StatementLog();

        var statements = await log.OfAsync(() => owner.GetAsync($"/api/v2/users/{id}", Ct), Ct);

        statements.Should().HaveCount(2);
        statements[0].Should().Contain("from api_keys");
        statements[1].Should().Contain("from users");
    }

    [Fact]
    public async Task The_own_account_reads_the_same_by_id()
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        using var owner = await server.CreateOwnerAsync(Ct);
        const string Appearance = """{"theme_preference":"dark","terminal_font":"fira-code"}""";
        (await owner.PutJsonAsync("/api/v2/users/me/appearance", Appearance, Ct)).EnsureSuccessStatusCode();

        var me = await ReadAsync(owner, "me");

        me["theme_preference"]!.GetValue<string>().Should().Be("dark");
        (await ReadAsync(owner, me["id"]!.GetValue<string>())).ToJsonString().Should().Be(me.ToJsonString());
    }

    [Theory]
    [InlineData("/api/v2/buildinfo")]
    [InlineData("/api/v2/entitlements")]
    public async Task What_is_in_memory_costs_no_statement(string path)
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        using var log = new StatementLog();

        var statements = await log.OfAsync(() => server.Anonymous.GetAsync(path, Ct), Ct);

        statements.Should().BeEmpty();
    }

    [Fact]
    public async Task Entitlements_cost_a_signed_in_caller_only_the_session()
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        using var owner = await server.CreateOwnerAsync(Ct);
        using var log = new StatementLog();

        var statements = await log.OfAsync(() => owner.GetAsync("/api/v2/entitlements", Ct), Ct);

        statements.Should().ContainSingle().Which.Should().Contain("from api_keys");
    }

    private static async Task<JsonObject> ReadAsync(HttpClient client, string user) =>
        await (await client.GetAsync($"/api/v2/users/{user}", Ct)).JsonAsync(Ct);
}
