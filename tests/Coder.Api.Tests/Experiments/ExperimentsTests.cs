using System.Net;
using Coder.Api.Tests.Http;
using Coder.Testing;

namespace Coder.Api.Tests.Experiments;

/// <summary>Experiments (docs/spec/mcp.md, section 3).</summary>
public sealed class ExperimentsTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string One = "/api/v2/test-experiments/one";
    private const string Two = "/api/v2/test-experiments/two";
    private const string NeedsOne = "OAuth2 Provider Functionality functionality requires enabling the 'oauth2' experiment.";
    private const string NeedsTwo = "This functionality requires enabling the following experiments: oauth2, mcp-server-http";
    private const string SignedOut = "You are signed out or your session has expired. Please sign in again to continue.";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "[]")]
    [InlineData("*", "[]")]
    [InlineData(" MCP-server-http, oauth2,oauth2,Foo-Bar", """["mcp-server-http","oauth2","foo-bar"]""")]
    public async Task Anybody_who_is_signed_in_sees_what_is_enabled(string setting, string expected)
    {
        await using var server = await StartAsync(setting);
        using var user = await server.AddUserAsync(Ct);

        (await user.Client.GetStringAsync("/api/v2/experiments", Ct)).Should().Be(expected);
        (await user.Client.GetStringAsync("/api/v2/experiments/available", Ct)).Should().Be("""{"safe":[]}""");
    }

    [Theory]
    [InlineData("/api/v2/experiments")]
    [InlineData("/api/v2/experiments/available")]
    public async Task Without_a_session_nothing_is_told(string path)
    {
        var response = await fixture.Server.Anonymous.GetAsync(path, Ct);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new { Status = HttpStatusCode.Unauthorized, Message = SignedOut });
    }

    [Theory]
    [InlineData("", NeedsOne, NeedsTwo)]
    [InlineData("*", NeedsOne, NeedsTwo)]
    [InlineData("unknown", NeedsOne, NeedsTwo)]
    [InlineData("oauth2", null, NeedsTwo)]
    [InlineData("mcp-server-http", NeedsOne, NeedsTwo)]
    [InlineData("mcp-server-http,oauth2", null, null)]
    public async Task A_gate_opens_with_all_its_experiments(string setting, string? one, string? two)
    {
        await using var server = await StartAsync(setting);
        using var user = await server.AddUserAsync(Ct);

        await IsAsync(await user.Client.PostRawAsync(One, "{}", null, Ct), one);
        await IsAsync(await user.Client.GetAsync(Two, Ct), two);
    }

    [Fact]
    public async Task The_session_comes_first_then_the_experiment_then_the_body()
    {
        await using var closed = await StartAsync("");
        await using var open = await StartAsync("oauth2");
        using var user = await fixture.Server.AddUserAsync(Ct);
        using var late = open.With(user.Token);
        using var early = closed.With(user.Token);

        var anonymous = await closed.Anonymous.PostRawAsync(One, "nonsense", null, Ct);
        var gated = await early.PostRawAsync(One, "nonsense", null, Ct);
        var bad = await late.PostRawAsync(One, "nonsense", null, Ct);

        anonymous.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        anonymous.Headers.WwwAuthenticate.Should().NotBeEmpty();
        gated.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        gated.Headers.WwwAuthenticate.Should().BeEmpty("clients would ask for more rights in vain");
        bad.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("Development", true)]
    [InlineData("development", true)]
    [InlineData("Production", false)]
    [InlineData("Staging", false)]
    public async Task In_development_only_gates_that_say_so_are_open_and_the_log_warns_once(string environment, bool isOpen)
    {
        using var logs = new TestLogs();
        await using var server = await StartAsync("", environment, logs);
        using var user = await server.AddUserAsync(Ct);

        await IsAsync(await user.Client.GetAsync(Two, Ct), isOpen ? null : NeedsTwo);
        await IsAsync(await user.Client.PostRawAsync(One, "{}", null, Ct), NeedsOne);
        (await user.Client.GetStringAsync("/api/v2/experiments", Ct)).Should().Be("[]");
        logs.Lines.Where(l => l.StartsWith("Warning ", StringComparison.Ordinal))
            .Count(l => l.Contains("host environment is Development", StringComparison.Ordinal))
            .Should().Be(isOpen ? 1 : 0);
    }

    [Fact]
    public async Task Unknown_and_hidden_experiments_are_warned_of_at_start()
    {
        using var logs = new TestLogs();
        await using var server = await StartAsync("oauht2,oauth2", logs: logs);

        logs.Lines.Where(l => l.Contains("experiment", StringComparison.Ordinal)).Should().HaveCount(2)
            .And.Contain(l => l.Contains("ignoring unknown experiment \"oauht2\"; did you mean \"oauth2\"?", StringComparison.Ordinal))
            .And.Contain(l => l.Contains("hidden experiment \"oauth2\"", StringComparison.Ordinal));
    }

    private static async Task IsAsync(HttpResponseMessage response, string? refusal)
    {
        if (refusal is null)
        {
            response.StatusCode.Should().Be(HttpStatusCode.OK);
            return;
        }

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(
            new { Status = HttpStatusCode.Forbidden, Message = refusal, Detail = (string?)null });
    }

    private Task<TestServer> StartAsync(string experiments, string environment = "Production", TestLogs? logs = null) =>
        TestServer.StartAsync(
            o => (o.Experiments, o.Environment) = (experiments, environment),
            Ct,
            services =>
            {
                TestControllers.Add(services);
                logs?.Listen(services);
            },
            fixture.Server);
}
