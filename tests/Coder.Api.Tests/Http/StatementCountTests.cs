using Coder.Testing;

namespace Coder.Api.Tests.Http;

/// <summary>The round trip to the database is the unit of cost; the hot routes make as few as can be.</summary>
public sealed class StatementCountTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reading_oneself_costs_one_statement_for_the_session_and_one_for_the_user()
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        using var owner = await server.CreateOwnerAsync(Ct);
        using var log = new StatementLog();

        var statements = await log.OfAsync(() => owner.GetAsync("/api/v2/users/me", Ct), Ct);

        statements.Should().HaveCount(2);
        statements[0].Should().Contain("from api_keys");
        statements[1].Should().Contain("from users");
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
}
