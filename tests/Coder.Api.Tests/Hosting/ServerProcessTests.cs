using System.Net;

namespace Coder.Api.Tests.Hosting;

/// <summary>The server as an operator meets it: a process with nothing configured but its folder.</summary>
public sealed class ServerProcessTests : IDisposable
{
    private readonly string _config = Path.Combine(Path.GetTempPath(), $"coder-process-{Path.GetRandomFileName()}");

    public ServerProcessTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");

        // Open to all, because PostgreSQL's own account has to get there when the tests run as root.
        Directory.CreateDirectory(_config);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_starts_with_nothing_configured_says_where_it_is_and_stops_in_order()
    {
        using var server = Start("--http-address", "127.0.0.1:0");

        var url = await server.UrlAsync(Ct);
        using var client = new TestClient(url);
        (await client.GetStatusAsync("/healthz", Ct)).Should().Be(HttpStatusCode.OK);
        (await client.GetStatusAsync("/readyz", Ct)).Should().Be(HttpStatusCode.OK);
        (await client.GetStatusAsync("/api/v2/entitlements", Ct)).Should().Be(HttpStatusCode.OK);

        (await server.TerminateAsync(Ct)).Should().Be(0);
        server.Output.Should().Contain("creates the first user").And.Contain(Path.Combine(_config, "postgres"));
        File.Exists(Path.Combine(_config, "postgres", "data", "postmaster.pid")).Should().BeFalse("its PostgreSQL stops with it");
    }

    [Fact]
    public async Task After_a_kill_the_next_server_finds_everything_and_a_second_one_beside_it_says_so_and_exits()
    {
        using (var killed = Start("--http-address", "127.0.0.1:0"))
        {
            using var client = new TestClient(await killed.UrlAsync(Ct));
            await client.CreateFirstUserAsync(Ct);
            killed.Kill();
        }

        using var next = Start("--http-address", "127.0.0.1:0");
        using var nextClient = new TestClient(await next.UrlAsync(Ct));
        (await nextClient.GetStatusAsync("/api/v2/users/first", Ct)).Should().Be(HttpStatusCode.OK);

        using var second = Start("--http-address", "127.0.0.1:0");
        (await second.ExitAsync(Ct)).Should().Be(1);
        second.Errors.Should().Contain(_config);
        (await nextClient.GetStatusAsync("/readyz", Ct)).Should().Be(HttpStatusCode.OK);
        (await next.TerminateAsync(Ct)).Should().Be(0);
    }

    [Fact]
    public async Task Bad_settings_stop_the_start_and_are_all_named()
    {
        using var server = Start("--http-address", "nowhere", "--session-duration", "soon", "--license-keys", "a=b");

        (await server.ExitAsync(Ct)).Should().Be(1);

        server.Errors.Should().Contain("CODER_HTTP_ADDRESS").And.Contain("CODER_SESSION_DURATION").And.Contain("CODER_LICENSE_KEYS");
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_one_clear_line()
    {
        using var server = Start("--http-address", "127.0.0.1:0", "--pg-connection-url", "postgres://coder:secret-word@127.0.0.1:1/coder");

        (await server.ExitAsync(Ct)).Should().Be(1);

        server.Errors.Should().StartWith("The server can not start: ").And.NotContain("secret-word").And.NotContain("   at ");
    }

    public void Dispose() => Directory.Delete(_config, recursive: true);

    private ServerUnderTest Start(params string[] arguments) => new([.. arguments, "--config-dir", _config]);
}
