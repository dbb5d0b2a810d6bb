using System.Net;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Coder.Api.Authentication;
using Coder.Api.Provisioning;
using Coder.Api.Tests.Notifications;
using Coder.Application.Common;
using Coder.Application.Provisioning;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using Coder.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Api.Tests.Provisioning;

public sealed class JobLogsEndpointTests(JobLogsEndpointTests.LogServer fixture) : IClassFixture<JobLogsEndpointTests.LogServer>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private static readonly DateTimeOffset Time = new(2026, 3, 1, 11, 59, 0, TimeSpan.Zero);

    [Fact]
    public async Task Lines_are_listed_between_two_ids()
    {
        var job = await AddJobAsync();
        await AppendAsync(job, "a", "b", "c");

        var all = await ListAsync(job, "");
        var ids = all.Select(l => l["id"]!.GetValue<long>()).ToList();

        all[0].ToJsonString().Should().Be(
            $$"""{"id":{{ids[0]}},"created_at":"2026-03-01T11:59:00Z","log_source":"provisioner","log_level":"info","stage":"Init","output":"a"}""");
        (await ListAsync(job, $"?after={ids[0]}")).Select(Output).Should().Equal("b", "c");
        (await ListAsync(job, "?after=-1")).Select(Output).Should().Equal("a", "b", "c");
        (await ListAsync(job, $"?before={ids[1]}")).Select(Output).Should().Equal("a");
        (await ListAsync(job, $"?after={ids[0]}&before={ids[2]}")).Select(Output).Should().Equal("b");
    }

    [Theory]
    [InlineData("after=x", "after")]
    [InlineData("after=-", "after")]
    [InlineData("before=-1", "before")]
    [InlineData("follow=maybe", "follow")]
    [InlineData("follow=true&before=7", "before")]
    public async Task A_parameter_that_can_not_be_read_is_named(string query, string field)
    {
        var problem = await (await fixture.User.Client.GetAsync($"/test-logs/{TestIds.New()}?{query}", Ct)).ProblemAsync(Ct);

        problem.Status.Should().Be(HttpStatusCode.BadRequest);
        problem.Validations.Select(v => v.Field).Should().Equal(field);
    }

    [Fact]
    public async Task To_follow_needs_a_WebSocket()
    {
        var problem = await (await fixture.User.Client.GetAsync($"/test-logs/{TestIds.New()}?follow=true", Ct)).ProblemAsync(Ct);

        problem.Message.Should().Be("This endpoint speaks WebSocket only.");
    }

    [Fact]
    public async Task Who_follows_gets_every_line_and_the_end()
    {
        var job = await AddJobAsync();
        await AppendAsync(job, [.. Enumerable.Range(0, 1200).Select(i => $"{i}")]);
        using var socket = await FollowAsync(job, "");

        var lines = new List<string>();
        for (var i = 0; i < 1200; i++)
        {
            lines.Add(Output(await socket.ReceiveJsonAsync(Ct)));
        }

        await AppendAsync(job, "late");
        lines.Add(Output(await socket.ReceiveJsonAsync(Ct)));
        await EndAsync(job, "last");
        lines.Add(Output(await socket.ReceiveJsonAsync(Ct)));
        var close = await socket.ReceiveCloseAsync(Ct);

        lines.Should().Equal([.. Enumerable.Range(0, 1200).Select(i => $"{i}"), "late", "last"]);
        close.Status.Should().Be(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task The_log_of_an_ended_job_is_sent_from_where_the_client_stands()
    {
        var job = await AddJobAsync();
        await AppendAsync(job, "a", "b");
        await EndAsync(job, "c");
        var first = (await ListAsync(job, ""))[0]["id"]!.GetValue<long>();

        using var socket = await FollowAsync(job, $"&after={first}");

        Output(await socket.ReceiveJsonAsync(Ct)).Should().Be("b");
        Output(await socket.ReceiveJsonAsync(Ct)).Should().Be("c");
        (await socket.ReceiveCloseAsync(Ct)).Status.Should().Be(WebSocketCloseStatus.NormalClosure);
    }

    private async Task<ClientWebSocket> FollowAsync(Guid job, string query)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Coder-Session-Token", fixture.User.Token);
        var url = new Uri(fixture.Server.Anonymous.BaseAddress!, $"/test-logs/{job}?follow=true{query}");
        await socket.ConnectAsync(new UriBuilder(url) { Scheme = "ws" }.Uri, Ct);
        return socket;
    }

    private async Task<List<JsonNode>> ListAsync(Guid job, string query) =>
        [.. JsonNode.Parse(await fixture.User.Client.GetStringAsync($"/test-logs/{job}{query}", Ct))!.AsArray().Select(l => l!)];

    private async Task<Guid> AddJobAsync()
    {
        var organization = await fixture.Server.Database.DefaultOrganizationAsync(Ct);
        var file = await fixture.Server.Database.AddFileAsync(fixture.User.Id, TestIds.New().ToByteArray(), Ct);
        return await fixture.Server.Database.AddJobAsync(
            new NewTestJob { Organization = organization, File = file, CreatedAt = Time, UpdatedAt = Time.AddDays(1), StartedAt = Time }, Ct);
    }

    private Task AppendAsync(Guid job, params string[] lines) => InTransactionAsync((logs, _) => AppendAsync(logs, job, lines));

    private Task EndAsync(Guid job, string lastLine) => InTransactionAsync(async (logs, queue) =>
    {
        await AppendAsync(logs, job, lastLine);
        await queue.EndAsync(job, null, null, Time, Ct);
    });

    private static Task AppendAsync(IJobLogs logs, Guid job, params string[] lines) => logs.AppendAsync(
        job, [.. lines.Select(text => new JobLogLine(Time, LogSource.Provisioner, LogLevel.Info, "Init", text))], Ct);

    private async Task InTransactionAsync(Func<IJobLogs, IJobQueue, Task> work)
    {
        await using var scope = fixture.Server.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        await services.GetRequiredService<IUnitOfWork>().RunAsync(
            System.Data.IsolationLevel.ReadCommitted,
            async _ =>
            {
                await work(services.GetRequiredService<IJobLogs>(), services.GetRequiredService<IJobQueue>());
                return Result<Done>.From(Done.Value);
            },
            Ct);
    }

    private static string Output(JsonNode line) => line["output"]!.GetValue<string>();

    /// <summary>A server on which anybody who is signed in may read every log at <c>/test-logs/{job}</c>.</summary>
    public sealed class LogServer : IAsyncLifetime
    {
        private TestServer? _server;
        private TestUser? _user;

        public TestServer Server => _server ?? throw new InvalidOperationException("The server was not started.");

        public TestUser User => _user ?? throw new InvalidOperationException("The server was not started.");

        public async ValueTask InitializeAsync()
        {
            _server = await TestServer.StartAsync(null, CancellationToken.None, services => services.AddSingleton<IStartupFilter, LogPath>());
            _user = await _server.AddUserAsync(CancellationToken.None);
        }

        public async ValueTask DisposeAsync()
        {
            _user?.Dispose();
            if (_server is not null)
            {
                await _server.DisposeAsync();
            }
        }
    }

    private sealed class LogPath : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Map("/test-logs", logs => logs.UseWebSockets().Run(AnswerAsync));
            next(app);
        };

        private static async Task AnswerAsync(HttpContext context)
        {
            (await context.AuthenticateAsync(SessionTokenHandler.SchemeName)).Succeeded.Should().BeTrue();
            var endpoint = context.RequestServices.GetRequiredService<JobLogsEndpoint>();
            var result = await endpoint.RunAsync(context, Guid.Parse(context.Request.Path.Value![1..]));
            await result.ExecuteResultAsync(new ActionContext(context, new RouteData(), new ActionDescriptor()));
        }
    }
}
