using System.Net;
using System.Net.Http.Json;
using Coder.Application.Users;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace Coder.Api.Tests.Http;

/// <summary>What callers are told when something is broken (docs/spec/platform.md, section 4 rule 11).</summary>
public sealed class FailureTests
{
    private const string First = "/api/v2/users/first";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bug_is_answered_with_the_request_id_and_logged_with_the_exception()
    {
        using var logs = new TestLogs();
        var users = Substitute.For<IUserStore>();
        users.AnyAsync(Ct).ThrowsAsyncForAnyArgs(new InvalidOperationException("the flux capacitor is empty"));
        await using var server = await TestServer.StartAsync(null, Ct, services => Prepare(services, logs, users));

        var response = await server.Anonymous.GetAsync(First, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        var id = response.Header("X-Coder-Request-Id");
        (await response.Content.ReadAsStringAsync(Ct)).Should().Be(
            $$"""{"message":"An internal server error occurred.","detail":"request id {{id}}"}""");
        logs.Lines.Should().ContainSingle(line => line.StartsWith("Error ", StringComparison.Ordinal))
            .Which.Should().Contain(id).And.Contain("the flux capacitor is empty").And.Contain("at ");
    }

    [Fact]
    public async Task A_bug_while_a_credential_is_judged_is_answered_like_any_other()
    {
        var keys = Substitute.For<IApiKeyStore>();
        keys.FindSessionAsync("", Ct).ThrowsAsyncForAnyArgs(new InvalidOperationException("the flux capacitor is empty"));
        await using var server = await TestServer.StartAsync(null, Ct, services => services.AddSingleton(keys));
        using var client = server.With("0123456789-0123456789012345678901");

        var response = await client.GetAsync("/api/v2/users/me", Ct);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(
            new { Status = HttpStatusCode.InternalServerError, Message = "An internal server error occurred." });
    }

    [Fact]
    public async Task While_the_database_is_away_callers_are_told_to_come_back_and_what_needs_no_database_works()
    {
        using var outage = new Outage();
        using var logs = new TestLogs();
        await using var server = await TestServer.StartAsync(null, Ct, services => Prepare(services, logs, outage));
        using var user = await server.AddUserAsync(Ct);
        outage.IsOn = true;

        HttpResponseMessage[] refused =
        [
            await server.Anonymous.GetAsync(First, Ct),
            await user.Client.GetAsync("/api/v2/users/me", Ct),
            await user.Client.PostAsync("/api/v2/users/logout", null, Ct),
            await server.Anonymous.PostAsJsonAsync("/api/v2/users/login", new { email = user.Email, password = "x" }, Ct),
        ];
        var alive = await server.Anonymous.GetAsync("/healthz", Ct);
        var version = await server.Anonymous.GetAsync("/api/v2/buildinfo", Ct);
        var lines = logs.Lines;
        outage.IsOn = false;
        var back = await user.Client.GetAsync("/api/v2/users/me", Ct);

        foreach (var response in refused)
        {
            response.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            (await response.Content.ReadAsStringAsync(Ct)).Should().Be("""{"message":"The service is temporarily unavailable."}""");
            response.Header("Retry-After").Should().Be("5");
            response.Header("X-Coder-Request-Id").Should().NotBeEmpty();
        }

        alive.StatusCode.Should().Be(HttpStatusCode.OK);
        version.StatusCode.Should().Be(HttpStatusCode.OK);
        back.StatusCode.Should().Be(HttpStatusCode.OK);
        lines.Should().NotContain(line => line.StartsWith("Error ", StringComparison.Ordinal), "an outage is no bug");
        lines.Count(line => line.Contains("could not be served", StringComparison.Ordinal)).Should().Be(refused.Length);
    }

    [Fact]
    public async Task A_caller_who_hangs_up_is_neither_an_error_nor_logged()
    {
        using var logs = new TestLogs();
        var entered = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        var users = Substitute.For<IUserStore>();
        users.AnyAsync(Ct).ReturnsForAnyArgs(call => WaitAsync(call.Arg<CancellationToken>()));
        await using var server = await TestServer.StartAsync(null, Ct, services => Prepare(services, logs, users));
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        var request = server.Anonymous.GetAsync(First, hangUp.Token);
        await entered.Task.WaitAsync(Ct);
        await hangUp.CancelAsync();

        await FluentActions.Awaiting(() => request).Should().ThrowAsync<OperationCanceledException>();
        await cancelled.Task.WaitAsync(Ct);
        (await server.Anonymous.GetAsync("/healthz", Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
        logs.Lines.Should().NotContain(line => line.StartsWith("Error ", StringComparison.Ordinal));

        async Task<bool> WaitAsync(CancellationToken ct)
        {
            entered.TrySetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TestClock.System, ct);
                return true;
            }
            finally
            {
                cancelled.TrySetResult();
            }
        }
    }

    private static void Prepare(IServiceCollection services, TestLogs logs, IUserStore users)
    {
        logs.Listen(services);
        services.AddSingleton(users);
    }

    private static void Prepare(IServiceCollection services, TestLogs logs, Outage outage)
    {
        logs.Listen(services);
        outage.Prepare(services);
    }
}
