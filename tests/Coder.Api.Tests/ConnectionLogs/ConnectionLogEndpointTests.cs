using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Api.Tests.Http;
using Coder.Application.ConnectionLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.ConnectionLogs;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Api.Tests.ConnectionLogs;

/// <summary>A licensed server with an owner and no connections; each test has an organization of its own.</summary>
public sealed class ConnectionLogServer : IAsyncLifetime
{
    private TestServer? _server;
    private HttpClient? _owner;

    public TestServer Server => _server!;

    public HttpClient Owner => _owner!;

    public TestLogs Logs { get; } = new();

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(null, CancellationToken.None, Logs.Listen);
        _owner = await Server.CreateOwnerAsync(CancellationToken.None);
        (await Owner.PostAsJsonAsync("/api/v2/licenses", new { license = Server.Mint.License() })).EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _owner?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Logs.Dispose();
    }
}

/// <summary>docs/spec/connection-logs.md, sections 5, 6.3, 7.1, 8 and 10.</summary>
public sealed class ConnectionLogEndpointTests(ConnectionLogServer fixture) : IClassFixture<ConnectionLogServer>, IAsyncLifetime
{
    private const string Path = "/api/v2/connectionlog";

    private readonly string _name = $"org-{TestIds.New():N}"[..20];
    private Guid _organization;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    private DateTimeOffset Now => Server.Clock.GetUtcNow();

    public async ValueTask InitializeAsync() => _organization = await Server.Database.AddOrganizationAsync(_name, Ct);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Without_a_session_the_answer_is_401()
    {
        using var response = await Server.Anonymous.GetAsync($"{Path}?limit=x", Ct);

        response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_empty_page_is_a_list_with_nothing_in_it()
    {
        var body = await GetAsync(fixture.Owner, $"q=organization:{_name}");

        body.ToJsonString().Should().Be("""{"connection_logs":[],"count":0}""");
    }

    [Fact]
    public async Task A_session_has_ssh_info_and_what_is_not_known_is_left_out()
    {
        var start = await RecordAsync(Session() with { Ip = null, Type = ConnectionType.JetBrains });

        var entry = (await EntriesAsync(fixture.Owner)).Should().ContainSingle().Subject;

        entry.Select(p => p.Key).Should().Equal(
            "id", "connect_time", "organization", "workspace_owner_id", "workspace_owner_username", "workspace_id", "workspace_name", "agent_name",
            "type", "ssh_info");
        entry["ssh_info"]!.ToJsonString().Should().Be($$"""{"connection_id":"{{start.ConnectionId}}"}""");
        entry["type"]!.GetValue<string>().Should().Be("jetbrains");
        entry["connect_time"]!.GetValue<string>().Should().Be("2026-03-01T12:00:00Z");
        entry["workspace_owner_username"]!.GetValue<string>().Should().BeEmpty();
        entry["organization"]!.ToJsonString().Should().Be($$"""{"id":"{{_organization}}","name":"{{_name}}","display_name":"{{_name}}","icon":""}""");
    }

    [Fact]
    public async Task A_session_that_ended_says_when_why_and_how()
    {
        var start = await RecordAsync(Session());
        await RecordAsync(start with { Status = ConnectionStatus.Disconnected, Time = Now.AddSeconds(90.5), Code = 0, DisconnectReason = "closed" });

        var entry = (await EntriesAsync(fixture.Owner)).Should().ContainSingle().Subject;

        entry["ip"]!.GetValue<string>().Should().Be("192.0.2.1");
        entry["ssh_info"]!.ToJsonString().Should().Be(
            $$"""{"connection_id":"{{start.ConnectionId}}","disconnect_time":"2026-03-01T12:01:30.5Z","disconnect_reason":"closed","exit_code":0}""");
    }

    [Fact]
    public async Task An_opening_has_web_info_with_the_whole_user_or_null()
    {
        using var visitor = await Server.AddUserAsync(Ct);
        await RecordAsync(Opening() with { UserId = visitor.Id, WorkspaceOwnerId = visitor.Id });
        await RecordAsync(Opening() with { Time = Now.AddMinutes(-1), Code = 404 });

        var entries = await EntriesAsync(fixture.Owner);

        entries.Should().HaveCount(2).And.OnlyContain(e => e.ContainsKey("web_info") && !e.ContainsKey("ssh_info"));
        var info = entries[0]["web_info"]!.AsObject();
        info["user"]!["username"]!.GetValue<string>().Should().Be(visitor.Username);
        info["user"]!["organization_ids"]!.AsArray().Should().BeEmpty();
        info["slug_or_port"]!.GetValue<string>().Should().Be("code");
        info["user_agent"]!.GetValue<string>().Should().Be("firefox");
        entries[0]["workspace_owner_username"]!.GetValue<string>().Should().Be(visitor.Username);
        entries[1]["web_info"]!.AsObject().ContainsKey("user").Should().BeTrue();
        entries[1]["web_info"]!["user"].Should().BeNull();
        entries[1]["web_info"]!["status_code"]!.GetValue<int>().Should().Be(404);
    }

    [Theory]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=x&offset=y", "limit,offset")]
    [InlineData("limit=2147483648", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("offset=-5", "offset")]
    [InlineData("after_id=nobody", "after_id")]
    [InlineData("cursor=abc", "cursor")]
    [InlineData("count=some", "count")]
    [InlineData("count_cap=-1&limit=x", "limit,count_cap")]
    [InlineData("limit=x&q=type:nonsense", "limit")]
    [InlineData("cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA&after_id=0b2f1d4e-8f9b-4a53-9c3e-6a7f1d2e3c4b", "cursor")]
    [InlineData("after_id=0b2f1d4e-8f9b-4a53-9c3e-6a7f1d2e3c4b", "after_id")]
    public async Task Bad_parameters_are_all_named(string query, string fields)
    {
        using var response = await fixture.Owner.GetAsync($"{Path}?{query}", Ct);

        var problem = await response.ProblemAsync(Ct);
        problem.Status.Should().Be(HttpStatusCode.BadRequest);
        problem.Message.Should().Be("Query parameters have invalid values.");
        string.Join(',', problem.Validations.Select(v => v.Field)).Should().Be(fields);
    }

    [Theory]
    [InlineData("ssh", "search")]
    [InlineData("type:telnet", "type")]
    [InlineData("type:", "q")]
    [InlineData("username:\0", "q")]
    public async Task A_bad_search_is_told_so(string search, string field)
    {
        using var response = await fixture.Owner.GetAsync($"{Path}?q={Uri.EscapeDataString(search)}", Ct);

        var problem = await response.ProblemAsync(Ct);
        problem.Status.Should().Be(HttpStatusCode.BadRequest);
        problem.Message.Should().Be("Invalid connection search query.");
        problem.Validations.Should().ContainSingle().Which.Field.Should().Be(field);
    }

    [Theory]
    [InlineData("limit=&offset=&after_id=&cursor=&count=&count_cap=&q=")]
    [InlineData("limit=0&offset=0&count_cap=0&after_id=00000000-0000-0000-0000-000000000000")]
    [InlineData("q=username:%25_'%3B--")]
    [InlineData("limit=2147483647&offset=2147483647")]
    public async Task Empty_and_strange_parameters_are_no_errors(string query) => await GetAsync(fixture.Owner, query);

    [Theory]
    [InlineData(4_000, "search")]
    [InlineData(50_000, "q")]
    public async Task A_search_of_very_many_elements_is_answered(int elements, string field)
    {
        using var response = await fixture.Owner.GetAsync($"{Path}?q={string.Join('+', Enumerable.Repeat('a', elements))}", Ct);

        (await response.ProblemAsync(Ct)).Validations.Should().ContainSingle().Which.Field.Should().Be(field);
    }

    [Fact]
    public async Task While_the_database_is_away_the_answer_is_503_and_afterwards_it_is_there_again()
    {
        using var outage = new Outage();
        await using var server = await TestServer.StartAsync(null, Ct, outage.Prepare);
        using var owner = await server.CreateOwnerAsync(Ct);
        (await owner.PostAsJsonAsync("/api/v2/licenses", new { license = server.Mint.License() }, Ct)).EnsureSuccessStatusCode();
        var logger = server.Services.GetRequiredService<IConnectionLogger>();
        outage.IsOn = true;

        using var response = await owner.GetAsync(Path, Ct);
        response.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter.Should().NotBeNull();
        (await logger.UpsertAsync(Session(), Ct)).Error!.Kind.Should().Be(ErrorKind.Unavailable);
        outage.IsOn = false;

        (await logger.UpsertAsync(Session(), Ct)).Error.Should().BeNull();
        (await GetAsync(owner, ""))["count"]!.GetValue<int>().Should().Be(1);
    }

    [Fact]
    public async Task An_organization_that_the_caller_may_not_read_is_as_one_that_does_not_exist()
    {
        using var member = await Server.AddUserAsync(Ct);

        foreach (var name in new[] { _name, "nowhere" })
        {
            using var response = await member.Client.GetAsync($"{Path}?q=organization:{name}", Ct);
            var problem = await response.ProblemAsync(Ct);
            problem.Validations.Should().Equal((
                "organization",
                $"Query param \"organization\" has invalid value: organization \"{name}\" either does not exist, or you are unauthorized to view it"));
        }
    }

    [Fact]
    public async Task Each_reader_sees_what_their_roles_say_and_the_count_agrees()
    {
        var second = await Server.Database.AddOrganizationAsync(_name + "-2", Ct);
        await RecordAsync(Opening());
        await RecordAsync(Opening() with { OrganizationId = second });
        await RecordAsync(Session() with { OrganizationId = second });
        await Server.Database.AddCustomRoleAsync(_organization, "log-reader", ["audit_log:read"], Ct);
        await Server.Database.AddCustomRoleAsync(_organization, "log-denied", ["connection_log:read"], Ct);
        await Server.Database.ExecuteAsync(
            "update custom_roles set org_permissions = jsonb_set(org_permissions, '{0,negate}', 'true') where name = 'log-denied'", Ct);

        await ShouldSeeAsync(new NewTestUser(), [], 0);
        await ShouldSeeAsync(new NewTestUser { Roles = ["user-admin", "template-admin"] }, [], 0);
        await ShouldSeeAsync(new NewTestUser(), [(_organization, ["organization-auditor"])], 1);
        await ShouldSeeAsync(new NewTestUser(), [(_organization, ["organization-admin"])], 1);
        await ShouldSeeAsync(new NewTestUser(), [(_organization, ["organization-user-admin", "organization-template-admin"])], 0);
        await ShouldSeeAsync(new NewTestUser(), [(_organization, ["organization-auditor"]), (second, ["organization-auditor"])], 3);
        await ShouldSeeAsync(new NewTestUser(), [(_organization, ["log-reader"])], 1);
        await ShouldSeeAsync(new NewTestUser(), [(_organization, ["log-reader", "log-denied"])], 0);
        await ShouldSeeAsync(
            new NewTestUser { Roles = ["auditor"], Scope = KeyScope.ApplicationConnect }, [(_organization, ["organization-auditor"])], 0);
        using var auditor = await Server.AddUserAsync(["auditor"], Ct);
        (await GetAsync(auditor.Client, $"q=organization:{_organization}"))["count"]!.GetValue<long>().Should().Be(1);
        (await GetAsync(auditor.Client, $"q=organization:{second}"))["count"]!.GetValue<long>().Should().Be(2);
    }

    [Fact]
    public async Task A_token_with_an_allow_list_sees_those_entries_alone_and_the_count_agrees()
    {
        var (seen, other, hidden) = (Opening(), Session(), Opening());
        await RecordAsync(seen);
        await RecordAsync(other);
        await RecordAsync(hidden);
        var scope = KeyScope.Of(["connection_log:read"], [$"connection_log:{seen.Id}", $"connection_log:{other.Id}", $"user:{hidden.Id}"]);
        using var auditor = await Server.AddUserAsync(new NewTestUser { Roles = ["auditor"], Scope = scope }, Ct);
        using var member = await Server.AddUserAsync(new NewTestUser { Scope = scope }, Ct);

        foreach (var query in new[] { "", $"q=organization:{_organization}", $"q=organization:{_organization}&count_cap=10" })
        {
            var page = await GetAsync(auditor.Client, query);

            Ids(page).Should().BeEquivalentTo([seen.Id, other.Id]);
            page["count"]!.GetValue<long>().Should().Be(2);
        }

        (await GetAsync(auditor.Client, "q=type:ssh"))["count"]!.GetValue<long>().Should().Be(1);
        (await GetAsync(auditor.Client, "limit=1"))["count"]!.GetValue<long>().Should().Be(2);
        (await auditor.Client.GetStringAsync($"{Path}/export", Ct)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(2);
        using var after = await auditor.Client.GetAsync($"{Path}?after_id={hidden.Id}", Ct);
        after.StatusCode.Should().Be(HttpStatusCode.BadRequest, "the token can not see it");
        (await GetAsync(member.Client, ""))["count"]!.GetValue<long>().Should().Be(0, "an allow-list gives nothing that the user has not");
    }

    [Fact]
    public async Task Searches_find_by_people_and_status_and_me_is_the_caller()
    {
        using var ada = await Server.AddUserAsync(new NewTestUser { Username = $"Ada-{_name[4..12]}" }, Ct);
        await Server.Database.AddMemberAsync(_organization, ada.Id, ["organization-auditor"], Ct);
        await RecordAsync(Opening() with { UserId = ada.Id });
        await RecordAsync(Session() with { WorkspaceOwnerId = ada.Id });

        (await CountAsync(ada.Client, "username:me")).Should().Be(1);
        (await CountAsync(ada.Client, $"username:{ada.Username}")).Should().Be(1);
        (await CountAsync(ada.Client, $"user_email:{ada.Email.ToUpperInvariant()}")).Should().Be(1);
        (await CountAsync(ada.Client, "workspace_owner:me")).Should().Be(1);
        (await CountAsync(ada.Client, $"workspace_owner_email:{ada.Email}")).Should().Be(1);
        (await CountAsync(ada.Client, $"workspace_owner:me workspace_owner_email:{ada.Email} status:connected type:ssh")).Should().Be(1);
        (await CountAsync(ada.Client, "status:completed")).Should().Be(0);
        (await CountAsync(ada.Client, "connected_after:2026-03-01T12:00:00Z connected_before:2026-03-01T12:00:00Z")).Should().Be(2);
        (await CountAsync(ada.Client, "username:nobody")).Should().Be(0);
        (await CountAsync(ada.Client, "workspace_owner:me workspace_owner_email:nobody@example.com")).Should().Be(0);
        (await CountAsync(fixture.Owner, $"username:me organization:{_name}")).Should().Be(0);
    }

    [Fact]
    public async Task Pages_go_on_by_cursor_by_id_and_by_offset()
    {
        for (var i = 0; i < 5; i++)
        {
            await RecordAsync(Opening() with { Time = Now.AddMinutes(-i / 2) });
        }

        var all = (await EntriesAsync(fixture.Owner)).Select(Id).ToArray();
        var q = $"limit=2&q=organization:{_name}";
        var first = await GetAsync(fixture.Owner, q);
        var second = await GetAsync(fixture.Owner, $"{q}&cursor={first["next_cursor"]}");
        await Server.Database.ExecuteAsync("delete from connection_logs where id = $1", Ct, all[3]);
        var third = await GetAsync(fixture.Owner, $"{q}&cursor={second["next_cursor"]}");

        Ids(first).Should().Equal(all[..2]);
        Ids(second).Should().Equal(all[2..4]);
        Ids(third).Should().Equal([all[4]], "the anchor need not be there any more");
        third.ContainsKey("next_cursor").Should().BeFalse();
        Ids(await GetAsync(fixture.Owner, $"{q}&after_id={all[1]}")).Should().Equal(all[2], all[4]);
        Ids(await GetAsync(fixture.Owner, $"{q}&offset=3")).Should().Equal(all[4]);
        (await GetAsync(fixture.Owner, $"{q}&count_cap=1")).Should().Match<JsonObject>(
            b => b["count"]!.GetValue<int>() == 2 && b["count_cap"]!.GetValue<int>() == 1);
        (await GetAsync(fixture.Owner, $"{q}&count=none"))["count"]!.GetValue<int>().Should().Be(-1);
    }

    [Fact]
    public async Task A_page_longer_than_a_thousand_rows_is_whole()
    {
        var logger = Server.Services.GetRequiredService<IConnectionLogger>();
        await logger.UpsertAsync([.. Enumerable.Range(0, 2_500).Select(i => Opening() with { Time = Now.AddSeconds(-i / 3) })], Ct);

        var all = await GetAsync(fixture.Owner, $"limit=2147483647&q=organization:{_name}");
        var part = await GetAsync(fixture.Owner, $"limit=2499&q=organization:{_name}");

        Ids(all).Should().HaveCount(2_500).And.OnlyHaveUniqueItems();
        all["count"]!.GetValue<int>().Should().Be(2_500);
        all.ContainsKey("next_cursor").Should().BeFalse();
        Ids(part).Should().Equal(Ids(all).Take(2_499));
        Ids(await GetAsync(fixture.Owner, $"q=organization:{_name}&cursor={part["next_cursor"]}")).Should().Equal(Ids(all).Last());
        Ids(await GetAsync(fixture.Owner, $"q=organization:{_name}")).Should().HaveCount(100, "that is what 0 means");
    }

    [Fact]
    public async Task Every_event_is_a_line_of_the_log_with_the_names_that_operators_know()
    {
        var start = await RecordAsync(Session() with { WorkspaceName = _name });
        await RecordAsync(start);

        fixture.Logs.Lines.Where(l => l.Contains(_name, StringComparison.Ordinal) && l.Contains("connection_log ", StringComparison.Ordinal))
            .Should().HaveCount(2, "duplicates too").And.OnlyContain(l => l.StartsWith("Information ") && l.Contains(" connected"));
    }

    private ConnectionEvent Session() => new()
    {
        Id = TestIds.New(),
        Time = Now,
        Status = ConnectionStatus.Connected,
        Type = ConnectionType.Ssh,
        OrganizationId = _organization,
        WorkspaceOwnerId = TestIds.New(),
        WorkspaceId = TestIds.New(),
        WorkspaceName = "work",
        AgentName = "main",
        Ip = IPAddress.Parse("192.0.2.1"),
        ConnectionId = TestIds.New(),
    };

    private ConnectionEvent Opening() => Session() with
    {
        Type = ConnectionType.WorkspaceApp,
        ConnectionId = null,
        Code = 200,
        UserAgent = "firefox",
        SlugOrPort = "code",
    };

    private async Task<ConnectionEvent> RecordAsync(ConnectionEvent e)
    {
        (await Server.Services.GetRequiredService<IConnectionLogger>().UpsertAsync(e, Ct)).Error.Should().BeNull();
        return e;
    }

    private async Task ShouldSeeAsync(NewTestUser user, (Guid Organization, string[] Roles)[] memberships, int expected)
    {
        using var reader = await Server.AddUserAsync(user, Ct);
        foreach (var (organization, roles) in memberships)
        {
            await Server.Database.AddMemberAsync(organization, reader.Id, roles, Ct);
        }

        var body = await GetAsync(reader.Client, "");

        Ids(body).Should().HaveCount(expected);
        body["count"]!.GetValue<int>().Should().Be(expected);
    }

    private static async Task<JsonObject> GetAsync(HttpClient client, string query)
    {
        using var response = await client.GetAsync($"{Path}?{query}", Ct);
        var body = await response.JsonAsync(Ct);
        response.StatusCode.Should().Be(HttpStatusCode.OK, body.ToJsonString());
        return body;
    }

    private async Task<IReadOnlyList<JsonObject>> EntriesAsync(HttpClient client) =>
        [.. (await GetAsync(client, $"q=organization:{_name}"))["connection_logs"]!.AsArray().Select(e => e!.AsObject())];

    private static async Task<int> CountAsync(HttpClient client, string search)
    {
        var body = await GetAsync(client, $"q={Uri.EscapeDataString(search)}");
        Ids(body).Should().HaveCount(body["count"]!.GetValue<int>());
        return body["count"]!.GetValue<int>();
    }

    private static IEnumerable<Guid> Ids(JsonObject body) => body["connection_logs"]!.AsArray().Select(e => Id(e!.AsObject()));

    private static Guid Id(JsonObject entry) => entry["id"]!.GetValue<Guid>();
}
