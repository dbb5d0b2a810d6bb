using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Domain.Authorization;
using Coder.Testing;

namespace Coder.Api.Tests.AuditLogs;

public sealed class AuditLogsEndpointTests : IAsyncLifetime
{
    private const string Path = "/api/v2/audit";

    private TestServer? _server;
    private HttpClient? _owner;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TestServer Server => _server!;

    private HttpClient Owner => _owner!;

    [Fact]
    public async Task A_new_deployment_has_an_empty_log()
    {
        var body = await ListAsync(Owner, "");

        body.ToJsonString().Should().Be("""{"audit_logs":[],"count":0}""");
    }

    [Fact]
    public async Task An_entry_has_everything_that_clients_read()
    {
        var me = (await (await Owner.GetAsync("/api/v2/users/me", Ct)).JsonAsync(Ct))["id"]!.GetValue<string>();
        await GenerateAsync(new { resource_id = me, additional_fields = new { workspace_name = "dev" } });

        var body = await ListAsync(Owner, "");

        body["count"]!.GetValue<int>().Should().Be(1);
        var entry = body["audit_logs"]![0]!.AsObject();
        entry.Select(p => p.Key).Should().BeEquivalentTo(
            "id", "request_id", "time", "organization_id", "ip", "user_agent", "resource_type", "resource_id", "resource_target",
            "resource_icon", "action", "diff", "status_code", "additional_fields", "description", "resource_link", "is_deleted", "user");
        entry["ip"]!.GetValue<string>().Should().Be("127.0.0.1");
        entry["diff"]!.ToJsonString().Should().Be("""{"foo":{"old":"bar","new":"baz","secret":false}}""");
        entry["additional_fields"]!.ToJsonString().Should().Be("""{"workspace_name":"dev"}""");
        entry["description"]!.GetValue<string>().Should().Be("{user} updated user {target}");
        entry["resource_link"]!.GetValue<string>().Should().Be("/users?filter=owner");
        entry["is_deleted"]!.GetValue<bool>().Should().BeFalse();
        entry["user"]!["username"]!.GetValue<string>().Should().Be("owner");
        entry["user"]!["roles"]![0]!["name"]!.GetValue<string>().Should().Be("owner");
    }

    [Fact]
    public async Task The_organization_of_an_entry_is_named()
    {
        var organization = await Server.Database.DefaultOrganizationAsync(Ct);
        await GenerateAsync(new { organization_id = organization });

        var entry = (await ListAsync(Owner, ""))["audit_logs"]![0]!;

        entry["organization"]!.ToJsonString().Should().Be($$"""{"id":"{{organization}}","name":"coder","display_name":"Coder","icon":""}""");
    }

    [Fact]
    public async Task A_user_who_was_deleted_is_still_shown_and_one_who_never_was_is_null()
    {
        var gone = await Server.AddUserAsync(new NewTestUser { Roles = [RoleNames.Owner] }, Ct);
        await GenerateAsync(new { action = "create" }, gone.Client);
        await Server.Database.ExecuteAsync("update users set deleted = true where id = $1", Ct, gone.Id);
        await GenerateAsync(new { action = "delete" });
        await Server.Database.ExecuteAsync("update audit_logs set user_id = $1 where action = 'delete'", Ct, Guid.Empty);

        var entries = (await ListAsync(Owner, ""))["audit_logs"]!.AsArray();

        entries.Select(e => (e!["action"]!.GetValue<string>(), e["user"]?["username"]?.GetValue<string>()))
            .Should().BeEquivalentTo([("create", gone.Username), ("delete", null)]);
    }

    [Fact]
    public async Task A_token_with_an_allow_list_sees_those_entries_alone_and_the_count_agrees()
    {
        await GenerateAsync(new { action = "create" });
        await GenerateAsync(new { action = "write" });
        await GenerateAsync(new { action = "delete" });
        var ids = (await ListAsync(Owner, ""))["audit_logs"]!.AsArray().Select(e => e!["id"]!.GetValue<Guid>()).ToArray();
        var scope = KeyScope.Of(["audit_log:read"], [$"audit_log:{ids[0]}", $"audit_log:{ids[2]}", $"user:{ids[1]}"]);
        using var auditor = await Server.AddUserAsync(new NewTestUser { Roles = [RoleNames.Auditor], Scope = scope }, Ct);

        var page = await ListAsync(auditor.Client, "");

        page["audit_logs"]!.AsArray().Select(e => e!["id"]!.GetValue<Guid>()).Should().Equal(ids[0], ids[2]);
        page["count"]!.GetValue<int>().Should().Be(2);
        (await ListAsync(auditor.Client, "action:create"))["count"]!.GetValue<int>().Should().Be(1);
        (await auditor.Client.GetStringAsync($"{Path}/export", Ct)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(2);
    }

    [Fact]
    public async Task Legacy_connection_events_are_served_as_they_were_written()
    {
        var (request, workspace) = (TestIds.New(), TestIds.New());
        var fields = $$"""{"workspace_name":"dev","workspace_owner":"ann","connection_type":"ssh","workspace_id":"{{workspace}}","n":[1,{"x":null}]}""";
        foreach (var (type, action) in new[] { ("workspace_agent", "connect"), ("workspace_agent", "disconnect"), ("workspace_app", "open"), ("workspace_app", "close") })
        {
            await GenerateAsync(new { resource_type = type, action, request_id = request, additional_fields = JsonNode.Parse(fields) });
        }

        foreach (var (search, count) in new[]
        {
            ("action:connect", 1), ("action:disconnect", 1), ("action:open", 1), ("action:close", 1), ("resource_type:workspace_agent", 2), ("workspace_app", 2),
            ($"request_id:{request}", 4), ($"request_id:{request} action:connect", 1), ($"request_id:{workspace}", 0),
        })
        {
            var body = await ListAsync(Owner, search);

            body["count"]!.GetValue<int>().Should().Be(count, search);
            var entries = body["audit_logs"]!.AsArray();
            entries.Should().HaveCount(count, search);
            entries.Count(e => JsonNode.DeepEquals(e!["additional_fields"], JsonNode.Parse(fields))).Should().Be(count, search);
        }

        var entry = (await ListAsync(Owner, "action:connect"))["audit_logs"]![0]!;
        entry["description"]!.GetValue<string>().Should().Be("{user} connected workspace agent {target}");
        entry["is_deleted"]!.GetValue<bool>().Should().BeTrue();
    }

    [Theory]
    [InlineData("oauth2_provider_app")]
    [InlineData("oauth2_provider_app_secret")]
    public async Task What_has_no_row_any_more_is_deleted_and_not_linked(string type)
    {
        await GenerateAsync(new { resource_type = type, additional_fields = new { app_id = TestIds.New() } });

        var entry = (await ListAsync(Owner, ""))["audit_logs"]![0]!;

        entry["is_deleted"]!.GetValue<bool>().Should().BeTrue();
        entry["resource_link"]!.GetValue<string>().Should().BeEmpty();
    }

    [Fact]
    public async Task Searches_find_people_by_name_and_by_email()
    {
        var other = await Server.AddUserAsync([RoleNames.Owner], Ct);
        await GenerateAsync(new { });
        await GenerateAsync(new { }, other.Client);

        foreach (var (search, count) in new[]
        {
            ("username:me", 1), ("username:OWNER", 1), ($"username:{other.Username}", 1), ($"email:{other.Email.ToUpperInvariant()}", 1), ("username:nobody", 0),
            ($"username:owner email:{other.Email}", 0), ("date_from:2026-03-01 date_to:2026-03-01", 2), ("date_to:2026-02-28", 0), ("date_from:2026-03-02", 0),
            ("organization:coder", 0), ($"organization:{TestIds.New()}", 0),
        })
        {
            (await ListAsync(Owner, search))["count"]!.GetValue<int>().Should().Be(count, search);
        }
    }

    [Theory]
    [InlineData("?q=foo:bar", "Invalid audit search query.", "foo")]
    [InlineData("?q=organization:nowhere", "Invalid audit search query.", "organization")]
    [InlineData("?limit=-1", "Query parameters have invalid values.", "limit")]
    [InlineData("?offset=x", "Query parameters have invalid values.", "offset")]
    [InlineData("?limit=1&limit=2", "Query parameters have invalid values.", "limit")]
    public async Task What_can_not_be_read_is_refused(string query, string message, string field)
    {
        var problem = await (await Owner.GetAsync(Path + query, Ct)).ProblemAsync(Ct);

        problem.Status.Should().Be(HttpStatusCode.BadRequest);
        problem.Message.Should().Be(message);
        problem.Validations.Should().ContainSingle().Which.Field.Should().Be(field);
    }

    [Fact]
    public async Task An_organization_that_may_not_be_read_is_refused_like_one_that_does_not_exist()
    {
        await Server.Database.AddOrganizationAsync("hidden", Ct);
        var auditor = await Server.AddUserAsync(new NewTestUser { OrganizationRoles = ["organization-auditor"] }, Ct);

        var hidden = await (await auditor.Client.GetAsync($"{Path}?q=organization:hidden", Ct)).ProblemAsync(Ct);
        var missing = await (await auditor.Client.GetAsync($"{Path}?q=organization:absent", Ct)).ProblemAsync(Ct);

        hidden.Validations[0].Detail.Replace("hidden", "absent", StringComparison.Ordinal).Should().Be(missing.Validations[0].Detail);
    }

    [Fact]
    public async Task Members_are_refused_and_strangers_must_sign_in()
    {
        var member = await Server.AddUserAsync(Ct);

        (await member.Client.GetAsync(Path, Ct)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await Server.Anonymous.GetAsync(Path, Ct)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await member.Client.PostAsJsonAsync($"{Path}/testgenerate", new { }, Ct)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task An_auditor_of_an_organization_sees_its_entries_only_in_list_and_count()
    {
        var mine = await Server.Database.DefaultOrganizationAsync(Ct);
        var other = await Server.Database.AddOrganizationAsync("other", Ct);
        await GenerateAsync(new { organization_id = mine });
        await GenerateAsync(new { organization_id = other });
        await GenerateAsync(new { });
        var auditor = await Server.AddUserAsync(new NewTestUser { OrganizationRoles = ["organization-auditor"] }, Ct);

        var body = await ListAsync(auditor.Client, "");

        body["count"]!.GetValue<int>().Should().Be(1);
        body["audit_logs"]!.AsArray().Should().ContainSingle().Which!["organization_id"]!.GetValue<Guid>().Should().Be(mine);
    }

    [Fact]
    public async Task Pages_follow_each_other_and_the_count_stays()
    {
        for (var i = 0; i < 5; i++)
        {
            await GenerateAsync(new { time = Server.Clock.GetUtcNow().AddMinutes(-i) });
        }

        var first = await ListAsync(Owner, "", "&limit=2");
        var second = await ListAsync(Owner, "", "&limit=2&offset=2");
        var beyond = await ListAsync(Owner, "", "&limit=2&offset=100");

        first["count"]!.GetValue<int>().Should().Be(5);
        beyond.ToJsonString().Should().Be("""{"audit_logs":[],"count":5}""");
        first["audit_logs"]!.AsArray().Concat(second["audit_logs"]!.AsArray()).Select(e => e!["time"]!.GetValue<DateTimeOffset>())
            .Should().HaveCount(4).And.BeInDescendingOrder();
    }

    [Fact]
    public async Task Without_a_limit_a_hundred_entries_come_and_a_large_limit_brings_them_all()
    {
        await GenerateAsync(new { });
        await Server.Database.ExecuteAsync(
            """
            insert into audit_logs (id, time, user_id, organization_id, resource_type, resource_id, resource_target, action, diff, status_code,
                                    additional_fields, request_id, resource_icon)
            select gen_random_uuid(), time + make_interval(secs => n), user_id, organization_id, resource_type, resource_id, resource_target, action, diff,
                   status_code, additional_fields, request_id, resource_icon
            from audit_logs cross join generate_series(1, 2500) n
            """,
            Ct);

        var some = await ListAsync(Owner, "");
        var all = await ListAsync(Owner, "", "&limit=2147483647");

        some["audit_logs"]!.AsArray().Should().HaveCount(100);
        some["count"]!.GetValue<int>().Should().Be(2501);
        all["audit_logs"]!.AsArray().Select(e => e!["id"]!.GetValue<string>()).Should().HaveCount(2501).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task An_export_has_the_entries_of_the_list_one_a_line_and_the_oldest_first()
    {
        for (var i = 0; i < 3; i++)
        {
            await GenerateAsync(new { time = Server.Clock.GetUtcNow().AddMinutes(-i) });
        }

        var response = await Owner.GetAsync($"{Path}/export?q=username:me", Ct);

        response.Content.Headers.ContentType!.ToString().Should().Be("application/x-ndjson");
        response.Content.Headers.ContentDisposition!.ToString().Should().Be("attachment; filename=\"audit-log.ndjson\"");
        response.Header("Cache-Control").Should().Be("no-store");
        var lines = (await response.Content.ReadAsStringAsync(Ct)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var list = (await ListAsync(Owner, "username:me"))["audit_logs"]!.AsArray().Select(e => e!.ToJsonString()).Reverse();
        lines.Select(line => JsonNode.Parse(line)!.ToJsonString()).Should().Equal(list);
    }

    [Fact]
    public async Task An_export_goes_on_behind_an_entry()
    {
        for (var i = 0; i < 3; i++)
        {
            await GenerateAsync(new { time = Server.Clock.GetUtcNow().AddMinutes(i) });
        }

        var all = (await Owner.GetStringAsync($"{Path}/export", Ct)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var first = JsonNode.Parse(all[0])!["id"]!.GetValue<string>();

        var rest = (await Owner.GetStringAsync($"{Path}/export?cursor={first}", Ct)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        rest.Should().Equal(all[1..]);
    }

    [Fact]
    public async Task A_spreadsheet_takes_nothing_of_a_CSV_export_for_a_formula()
    {
        await GenerateAsync(new { });
        await Server.Database.ExecuteAsync("update audit_logs set resource_target = $1, user_agent = $2", Ct, "=cmd|' /C calc'!A0", "a \"b\", c");

        var response = await Owner.GetAsync($"{Path}/export?format=csv", Ct);

        response.Content.Headers.ContentType!.ToString().Should().Be("text/csv; charset=utf-8");
        var lines = (await response.Content.ReadAsStringAsync(Ct)).Split("\r\n");
        lines[0].Should().StartWith("id,time,username,user_email,ip,user_agent,action,");
        lines[1].Should().Contain(",'=cmd|' /C calc'!A0,").And.Contain(",\"a \"\"b\"\", c\",");
    }

    [Theory]
    [InlineData("?format=xml", "format")]
    [InlineData("?cursor=1", "cursor")]
    [InlineData("?cursor=0b3a4f0e-0000-4000-8000-000000000001", "cursor")]
    public async Task An_export_that_can_not_be_made_is_refused(string query, string field)
    {
        var problem = await (await Owner.GetAsync($"{Path}/export{query}", Ct)).ProblemAsync(Ct);

        problem.Status.Should().Be(HttpStatusCode.BadRequest);
        problem.Validations.Should().ContainSingle().Which.Field.Should().Be(field);
    }

    [Theory]
    [InlineData("""{"action":"nonsense"}""", "action")]
    [InlineData("""{"resource_type":"nonsense"}""", "resource_type")]
    public async Task An_entry_can_not_be_made_up_of_unknown_words(string body, string field)
    {
        var problem = await (await Owner.PostRawAsync($"{Path}/testgenerate", body, null, Ct)).ProblemAsync(Ct);

        problem.Status.Should().Be(HttpStatusCode.BadRequest);
        problem.Validations.Should().ContainSingle().Which.Field.Should().Be(field);
    }

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(null, Ct);
        _owner = await Server.CreateOwnerAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        _owner?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private async Task GenerateAsync(object entry, HttpClient? by = null)
    {
        var response = await (by ?? Owner).PostAsJsonAsync($"{Path}/testgenerate", entry, Ct);
        response.StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    private static async Task<JsonObject> ListAsync(HttpClient client, string search, string more = "")
    {
        var response = await client.GetAsync($"{Path}?q={Uri.EscapeDataString(search)}{more}", Ct);
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        return await response.JsonAsync(Ct);
    }
}
