using System.Net;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Coder.Api.Http.Sockets;
using Coder.Api.Tests.Licensing;
using Coder.Domain.Authorization;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Api.Tests.Notifications;

public sealed class InboxWatchTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Path = "/api/v2/notifications/inbox/watch";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly Guid Template = new("0b3a4f0e-0000-4000-8000-000000000001");
    private static readonly Guid OtherTemplate = new("0b3a4f0e-0000-4000-8000-000000000002");
    private static readonly Guid Target = new("0b3a4f0e-0000-4000-8000-00000000000a");

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task A_new_notification_arrives_with_the_number_of_the_unread()
    {
        using var user = await Server.AddUserAsync(Ct);
        await Server.NotifyAsync(user.Id, Template, [], "before", Ct);
        using var socket = await OpenAsync(Server, "?read_status=unread", Header(user));

        var id = await Server.NotifyAsync(user.Id, Template, [Target], "now", Ct);

        // The hint about the first one may still have been under way when the socket was opened.
        var message = await socket.ReceiveJsonAsync(Ct);
        message = message["notification"]!["title"]!.GetValue<string>() == "before" ? await socket.ReceiveJsonAsync(Ct) : message;
        message.Select(p => p.Key).Should().Equal("notification", "unread_count");
        message["notification"]!["id"]!.GetValue<Guid>().Should().Be(id);
        message["notification"]!["title"]!.GetValue<string>().Should().Be("now");
        message["notification"]!["created_at"]!.GetValue<DateTimeOffset>().Should().Be(Server.Clock.GetUtcNow());
        message["unread_count"]!.GetValue<int>().Should().Be(2);
    }

    [Theory]
    [InlineData("header")]
    [InlineData("bearer")]
    [InlineData("cookie")]
    [InlineData("query")]
    public async Task A_credential_counts_wherever_it_stands(string place)
    {
        using var user = await Server.AddUserAsync(Ct);

        using var socket = await OpenAsync(
            Server,
            place == "query" ? $"?coder_session_token={user.Token}" : "",
            place switch
            {
                "header" => ("Coder-Session-Token", user.Token),
                "bearer" => ("Authorization", $"Bearer {user.Token}"),
                "cookie" => ("Cookie", $"coder_session_token={user.Token}"),
                _ => ("X-Nothing", "x"),
            });

        socket.State.Should().Be(WebSocketState.Open);
    }

    [Fact]
    public async Task Only_what_the_filter_means_arrives_and_only_one_s_own()
    {
        using var user = await Server.AddUserAsync(Ct);
        using var other = await Server.AddUserAsync(Ct);
        using var socket = await OpenAsync(Server, $"?templates={Template}&targets={Target}", Header(user));

        await Server.NotifyAsync(other.Id, Template, [Target], "of another", Ct);
        await Server.NotifyAsync(user.Id, OtherTemplate, [Target], "other kind", Ct);
        await Server.NotifyAsync(user.Id, Template, [], "other target", Ct);
        await Server.NotifyAsync(user.Id, Template, [Target], "mine", Ct);

        (await socket.ReceiveJsonAsync(Ct))["notification"]!["title"]!.GetValue<string>().Should().Be("mine");
    }

    [Fact]
    public async Task Plain_text_has_no_Markdown()
    {
        using var user = await Server.AddUserAsync(Ct);
        using var plain = await OpenAsync(Server, "?format=plaintext", Header(user));
        using var markdown = await OpenAsync(Server, "?format=markdown", Header(user));

        await Server.NotifyAsync(user.Id, Template, [], "A *title*", Ct);

        (await plain.ReceiveJsonAsync(Ct))["notification"]!["title"]!.GetValue<string>().Should().Be("A title");
        (await markdown.ReceiveJsonAsync(Ct))["notification"]!["content"]!.GetValue<string>().Should().Be("**Content**");
    }

    [Fact]
    public async Task A_notification_from_another_server_of_the_deployment_arrives()
    {
        await using var other = await TestServer.StartAsync(null, Ct, beside: Server);
        using var user = await Server.AddUserAsync(Ct);
        using var socket = await OpenAsync(other, "", Header(user));

        await Server.NotifyAsync(user.Id, Template, [], "across", Ct);

        (await socket.ReceiveJsonAsync(Ct))["notification"]!["title"]!.GetValue<string>().Should().Be("across");
    }

    [Fact]
    public async Task What_was_added_while_notifications_were_lost_arrives_afterwards_and_only_once()
    {
        using var user = await Server.AddUserAsync(Ct);
        using var socket = await OpenAsync(Server, "", Header(user));
        await Server.NotifyAsync(user.Id, Template, [], "before", Ct);
        var before = await socket.ReceiveJsonAsync(Ct);
        await Server.Database.ExecuteAsync(
            """
            insert into inbox_notifications (id, user_id, template_id, title, content, created_at)
            values ($1, $2, $3, 'missed', '', $4)
            """,
            Ct,
            new Guid("0b3a4f0e-0000-4000-8000-0000000000ff"),
            user.Id,
            Template,
            Server.Clock.GetUtcNow());

        await Server.Database.ExecuteAsync(
            """
            select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and application_name = 'coder notifications'
            """,
            Ct);
        var next = await WhileMovingTheClockAsync(socket.ReceiveJsonAsync(Ct));

        before["notification"]!["title"]!.GetValue<string>().Should().Be("before");
        next["notification"]!["title"]!.GetValue<string>().Should().Be("missed");
    }

    [Fact]
    public async Task A_page_of_another_origin_can_not_use_the_cookie()
    {
        using var user = await Server.AddUserAsync(Ct);
        var cookie = ("Cookie", $"coder_session_token={user.Token}");
        var own = Server.Anonymous.BaseAddress!.GetLeftPart(UriPartial.Authority);

        var foreign = await RefusedAsync("", cookie, ("Origin", "https://evil.example"));
        var opaque = await RefusedAsync("", cookie, ("Origin", "null"));
        using var same = await OpenAsync(Server, "", cookie, ("Origin", own));
        using var withoutCookie = await OpenAsync(Server, "", Header(user), ("Origin", "https://other.example"));

        foreign.Should().Be(HttpStatusCode.Forbidden);
        opaque.Should().Be(HttpStatusCode.Forbidden);
        same.State.Should().Be(WebSocketState.Open);
        withoutCookie.State.Should().Be(WebSocketState.Open);
    }

    [Fact]
    public async Task A_page_at_the_access_url_may_use_the_cookie_whatever_host_the_request_names()
    {
        await using var server = await TestServer.StartAsync(o => o.AccessUrl = "https://coder.example.com", Ct, beside: Server);
        using var user = await Server.AddUserAsync(Ct);

        using var socket = await OpenAsync(
            server, "", ("Cookie", $"coder_session_token={user.Token}"), ("Origin", "https://coder.example.com"));

        socket.State.Should().Be(WebSocketState.Open);
    }

    [Theory]
    [InlineData("?read_status=maybe", HttpStatusCode.BadRequest)]
    [InlineData("?format=pdf", HttpStatusCode.BadRequest)]
    public async Task Bad_parameters_are_refused_before_the_connection_is_switched(string query, HttpStatusCode status)
    {
        using var user = await Server.AddUserAsync(Ct);

        (await RefusedAsync(query, Header(user))).Should().Be(status);
    }

    [Fact]
    public async Task Whoever_may_not_watch_is_refused_before_the_connection_is_switched()
    {
        using var narrow = await Server.AddUserAsync(new NewTestUser { Scope = KeyScope.ApplicationConnect }, Ct);

        (await RefusedAsync("", ("Coder-Session-Token", "x"))).Should().Be(HttpStatusCode.Unauthorized);
        (await RefusedAsync("", Header(narrow))).Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_request_for_anything_but_a_WebSocket_is_refused()
    {
        using var user = await Server.AddUserAsync(Ct);

        var response = await user.Client.GetAsync(Path, Ct);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(
            new { Status = HttpStatusCode.BadRequest, Message = "This endpoint speaks WebSocket only." });
    }

    [Theory]
    [InlineData("logout")]
    [InlineData("suspension")]
    [InlineData("deletion of many keys")]
    public async Task The_connection_ends_at_once_with_the_session(string end)
    {
        using var user = await Server.AddUserAsync(Ct);
        using var kept = await Server.AddUserAsync(Ct);
        using var ending = await OpenAsync(Server, "", Header(user));
        using var staying = await OpenAsync(Server, "", Header(kept));

        await (end switch
        {
            "logout" => user.Client.PostAsync("/api/v2/users/logout", null, Ct),
            "suspension" => Server.Database.ExecuteAsync("update users set status = 'suspended' where id = $1", Ct, user.Id),
            _ => EndManyAsync(user.Id),
        });

        (await ending.ReceiveCloseAsync(Ct)).Should().Be((WebSocketCloseStatus.PolicyViolation, "The session has ended."));
        await Server.NotifyAsync(kept.Id, Template, [], "still there", Ct);
        (await staying.ReceiveJsonAsync(Ct))["notification"]!["title"]!.GetValue<string>().Should().Be("still there");
    }

    private async Task EndManyAsync(Guid user)
    {
        await Server.Database.ExecuteAsync(
            """
            insert into api_keys (id, hashed_secret, user_id, last_used, expires_at, created_at, updated_at, login_type, lifetime_seconds, scope, token_name)
            select 'many' || lpad(n::text, 6, '0'), hashed_secret, user_id, last_used, expires_at, created_at, updated_at, login_type,
                   lifetime_seconds, scope, ''
            from api_keys, generate_series(1, 30) n
            where user_id = $1
            """,
            Ct,
            user);
        await Server.Database.ExecuteAsync("delete from api_keys where user_id = $1", Ct, user);
    }

    [Fact]
    public async Task The_connection_ends_within_a_minute_after_the_session_expired()
    {
        using var user = await Server.AddUserAsync(Ct);
        using var ending = await OpenAsync(Server, "", Header(user));
        await Server.Database.ExecuteAsync(
            "update api_keys set expires_at = $2 where user_id = $1", Ct, user.Id, Server.Clock.GetUtcNow());

        var status = await WhileMovingTheClockAsync(ending.ReceiveCloseAsync(Ct));

        status.Should().Be((WebSocketCloseStatus.PolicyViolation, "The session has ended."));
    }

    [Fact]
    public async Task A_user_has_a_bounded_number_of_connections()
    {
        using var user = await Server.AddUserAsync(Ct);
        using var other = await Server.AddUserAsync(Ct);
        var sockets = new List<ClientWebSocket>();
        for (var i = 0; i < SocketGate.MostOfUser; i++)
        {
            sockets.Add(await OpenAsync(Server, "", Header(user)));
        }

        (await RefusedAsync("", Header(user))).Should().Be(HttpStatusCode.TooManyRequests);
        using var unconcerned = await OpenAsync(Server, "", Header(other));
        await sockets[0].CloseAsync(WebSocketCloseStatus.NormalClosure, null, Ct);
        var sessions = Server.Services.GetRequiredService<SocketSessions>();
        await Eventually.ReadAsync(() => Task.FromResult(sessions.CountOf(user.Id)), count => count < SocketGate.MostOfUser, Ct);
        using var again = await OpenAsync(Server, "", Header(user));

        again.State.Should().Be(WebSocketState.Open);
        sockets.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task As_many_as_were_missed_arrive_at_one_go()
    {
        using var user = await Server.AddUserAsync(Ct);
        using var socket = await OpenAsync(Server, "", Header(user));
        await Server.Database.ExecuteAsync(
            """
            insert into inbox_notifications (id, user_id, template_id, title, content, created_at)
            select gen_random_uuid(), $1, $2, 'missed ' || n, '', $3 from generate_series(1, 100) n
            """,
            Ct,
            user.Id,
            Template,
            Server.Clock.GetUtcNow());

        await Server.Database.ExecuteAsync(
            """
            select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and application_name = 'coder notifications'
            """,
            Ct);
        var titles = new HashSet<string>(StringComparer.Ordinal)
        {
            (await WhileMovingTheClockAsync(socket.ReceiveJsonAsync(Ct)))["notification"]!["title"]!.GetValue<string>(),
        };
        while (titles.Count < 100)
        {
            titles.Add((await socket.ReceiveJsonAsync(Ct))["notification"]!["title"]!.GetValue<string>());
        }

        titles.Should().BeEquivalentTo(Enumerable.Range(1, 100).Select(n => $"missed {n}"));
    }

    [Fact]
    public async Task The_connection_ends_when_the_server_stops()
    {
        await using var server = await TestServer.StartAsync(null, Ct, beside: Server);
        using var user = await Server.AddUserAsync(Ct);
        using var socket = await OpenAsync(server, "", Header(user));
        var closing = socket.ReceiveCloseAsync(Ct);

        await server.StopAsync();

        (await closing).Should().Be((WebSocketCloseStatus.EndpointUnavailable, "The server is stopping."));
    }

    [Fact]
    public async Task A_client_that_goes_leaves_nothing_behind()
    {
        await using var server = await TestServer.StartAsync(null, Ct, beside: Server);
        using var user = await Server.AddUserAsync(Ct);
        var sessions = server.Services.GetRequiredService<SocketSessions>();
        using var polite = await OpenAsync(server, "", Header(user));
        using var rude = await OpenAsync(server, "", Header(user));
        var open = await Eventually.ReadAsync(() => Task.FromResult(sessions.Count), count => count == 2, Ct);

        await polite.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Ct);
        rude.Abort();

        var left = await Eventually.ReadAsync(() => Task.FromResult(sessions.Count), count => count == 0, Ct);
        open.Should().Be(2);
        left.Should().Be(0);
        polite.CloseStatus.Should().Be(WebSocketCloseStatus.NormalClosure);
    }

    private static (string, string) Header(TestUser user) => ("Coder-Session-Token", user.Token);

    private static async Task<ClientWebSocket> OpenAsync(TestServer server, string query, params (string Name, string Value)[] headers)
    {
        var socket = new ClientWebSocket();
        foreach (var (name, value) in headers)
        {
            socket.Options.SetRequestHeader(name, value);
        }

        await socket.ConnectAsync(Url(server, query), Ct);
        return socket;
    }

    private async Task<HttpStatusCode> RefusedAsync(string query, params (string Name, string Value)[] headers)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        foreach (var (name, value) in headers)
        {
            socket.Options.SetRequestHeader(name, value);
        }

        await FluentActions.Awaiting(() => socket.ConnectAsync(Url(Server, query), Ct)).Should().ThrowAsync<WebSocketException>();
        return socket.HttpStatusCode;
    }

    private static Uri Url(TestServer server, string query) =>
        new UriBuilder(new Uri(server.Anonymous.BaseAddress!, Path + query)) { Scheme = "ws" }.Uri;

    // One step is enough once the server waits for it, and then the clock must stand still: five seconds of it are all that a goodbye may take.
    private async Task<T> WhileMovingTheClockAsync<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            Server.Clock.Advance(TimeSpan.FromSeconds(61));
            await Task.WhenAny(task, Task.Delay(TimeSpan.FromSeconds(20), TestClock.System, Ct));
        }

        return await task;
    }
}

internal static class SocketReading
{
    public static async Task<JsonObject> ReceiveJsonAsync(this WebSocket socket, CancellationToken ct)
    {
        var buffer = new byte[16 * 1024];
        var received = await socket.ReceiveAsync(buffer, ct);
        received.MessageType.Should().Be(WebSocketMessageType.Text);
        received.EndOfMessage.Should().BeTrue();
        return JsonNode.Parse(buffer.AsSpan(0, received.Count))!.AsObject();
    }

    public static async Task<(WebSocketCloseStatus? Status, string? Reason)> ReceiveCloseAsync(this WebSocket socket, CancellationToken ct)
    {
        var received = await socket.ReceiveAsync(new byte[1024], ct);
        received.MessageType.Should().Be(WebSocketMessageType.Close);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, ct);
        return (received.CloseStatus, received.CloseStatusDescription);
    }
}
