using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Coder.Api.Tests.Licensing;
using Coder.Domain.Authorization;
using Coder.Testing;
using Npgsql;

namespace Coder.Api.Tests.WorkspaceProxies;

public sealed class WorkspaceProxiesTests(WorkspaceProxiesTests.Licensed licensed) : IClassFixture<WorkspaceProxiesTests.Licensed>
{
    private const string Path = "/api/v2/workspaceproxies";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => licensed.Server;

    private HttpClient Owner => licensed.Owner;

    [Fact]
    public async Task A_new_proxy_is_shown_with_its_token_of_which_only_the_hash_is_kept()
    {
        var created = await CreateAsync("paris", "Paris", "/icon/fr.png");

        var proxy = created["proxy"]!.AsObject();
        proxy["name"]!.GetValue<string>().Should().Be("paris");
        proxy["display_name"]!.GetValue<string>().Should().Be("Paris");
        proxy["icon_url"]!.GetValue<string>().Should().Be("/icon/fr.png");
        proxy["healthy"]!.GetValue<bool>().Should().BeFalse();
        proxy["status"]!["status"]!.GetValue<string>().Should().Be("unregistered");
        proxy["created_at"]!.GetValue<string>().Should().Be("2026-03-01T12:00:00Z");
        var token = created["proxy_token"]!.GetValue<string>();
        token.Should().MatchRegex($"^{proxy["id"]}:[A-Za-z0-9]{{64}}$");
        var hash = await Server.Database.ScalarAsync<byte[]>("select token_hashed_secret from workspace_proxies where name = 'paris'", Ct);
        hash.Should().Equal(SHA256.HashData(Encoding.ASCII.GetBytes(token.Split(':')[1])));
    }

    [Fact]
    public async Task Every_change_is_recorded_without_the_token()
    {
        var created = await CreateAsync("recorded", "Recorded", "/icon/a.png");
        var id = created["proxy"]!["id"]!.GetValue<Guid>();
        using var member = await Server.AddUserAsync(Ct);

        await Owner.PatchAsJsonAsync($"{Path}/{id}", new { display_name = "Other", regenerate_token = true }, Ct);
        await member.Client.DeleteAsync($"{Path}/{id}", Ct);
        await Owner.DeleteAsync($"{Path}/{id}", Ct);

        var rows = (await Server.Database.AuditRowsAsync("workspace_proxy", Ct)).Where(r => r.ResourceId == id).ToList();
        rows.Select(r => (r.Action, r.StatusCode, r.Target)).Should().Equal(
            ("create", 201, "recorded"), ("write", 200, "recorded"), ("delete", 403, "recorded"), ("delete", 200, "recorded"));
        rows[1].Diff.Select(field => field.Key).Should().BeEquivalentTo("display_name", "token_hashed_secret");
        rows[1].Diff["token_hashed_secret"]!.ToJsonString().Should().Be("""{"new":"","old":"","secret":true}""");
        rows[2].Diff.Should().BeEmpty();
    }

    [Fact]
    public async Task The_deployment_itself_is_the_first_proxy()
    {
        await CreateAsync("aaa-first-by-name");
        using var member = await Server.AddUserAsync(Ct);

        var regions = (await member.Client.GetFromJsonAsync<JsonObject>(Path, Ct))!["regions"]!.AsArray();

        var primary = regions[0]!.AsObject();
        primary["id"]!.GetValue<string>().Should().Be(await DeploymentIdAsync());
        primary["name"]!.GetValue<string>().Should().Be("primary");
        primary["healthy"]!.GetValue<bool>().Should().BeTrue();
        primary["status"]!["status"]!.GetValue<string>().Should().Be("ok");
        primary["path_app_url"]!.GetValue<string>().Should().Be(Server.Anonymous.BaseAddress!.ToString().TrimEnd('/'));
        regions.Skip(1).Select(r => r!["name"]!.GetValue<string>()).Should().Contain("aaa-first-by-name").And.BeInAscendingOrder(StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_proxy_is_found_by_id_and_by_name_without_regard_to_case()
    {
        var id = (await CreateAsync("lyon"))["proxy"]!["id"]!.GetValue<string>();

        foreach (var name in (string[])[id, id.ToUpperInvariant(), "lyon", "LYON"])
        {
            (await Owner.GetFromJsonAsync<JsonObject>($"{Path}/{name}", Ct))!["id"]!.GetValue<string>().Should().Be(id);
        }

        foreach (var name in (string[])["primary", await DeploymentIdAsync()])
        {
            (await Owner.GetFromJsonAsync<JsonObject>($"{Path}/{name}", Ct))!["name"]!.GetValue<string>().Should().Be("primary");
        }
    }

    [Fact]
    public async Task What_does_not_exist_and_what_may_not_be_seen_are_the_same()
    {
        await CreateAsync("hidden");
        using var blind = await Server.AddUserAsync(new NewTestUser { Roles = ["owner"], Scope = KeyScope.ApplicationConnect }, Ct);

        var missing = await Owner.GetAsync($"{Path}/nowhere", Ct);
        var hidden = await blind.Client.GetAsync($"{Path}/hidden", Ct);
        var list = await blind.Client.GetStringAsync(Path, Ct);

        missing.StatusCode.Should().Be(HttpStatusCode.NotFound);
        hidden.StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await hidden.Content.ReadAsStringAsync(Ct)).Should().Be(await missing.Content.ReadAsStringAsync(Ct));
        list.Should().Be("""{"regions":[]}""");
    }

    [Theory]
    [InlineData("primary")]
    [InlineData("Primary")]
    public async Task The_name_of_the_primary_is_reserved(string name)
    {
        var id = (await CreateAsync($"reserved-{name.Count(char.IsUpper)}"))["proxy"]!["id"]!.GetValue<string>();
        var created = await Owner.PostAsJsonAsync(Path, new { name }, Ct);
        var renamed = await Owner.PatchAsJsonAsync($"{Path}/{id}", new { name }, Ct);

        foreach (var response in (HttpResponseMessage[])[created, renamed])
        {
            var problem = await response.ProblemAsync(Ct);
            problem.Status.Should().Be(HttpStatusCode.BadRequest);
            problem.Message.Should().Be("The name \"primary\" is reserved for the primary region.");
            problem.Validations.Should().ContainSingle().Which.Field.Should().Be("name");
        }
    }

    [Fact]
    public async Task A_name_is_taken_without_regard_to_case_and_free_again_after_deletion()
    {
        await CreateAsync("nice");
        await CreateAsync("rome");

        var again = await Owner.PostAsJsonAsync(Path, new { name = "Nice" }, Ct);
        var renamed = await Owner.PatchAsJsonAsync($"{Path}/rome", new { name = "NICE" }, Ct);
        var same = await Owner.PatchAsJsonAsync($"{Path}/nice", new { name = "Nice" }, Ct);
        await Owner.DeleteAsync(new Uri($"{Path}/nice", UriKind.Relative), Ct);
        var reused = await Owner.PostAsJsonAsync(Path, new { name = "nice" }, Ct);

        (await again.ProblemAsync(Ct)).Should().BeEquivalentTo(
            new { Status = HttpStatusCode.Conflict, Message = "Workspace proxy with name \"Nice\" already exists." });
        (await renamed.ProblemAsync(Ct)).Message.Should().Be("Workspace proxy with name \"NICE\" already exists.");
        same.StatusCode.Should().Be(HttpStatusCode.OK);
        reused.StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Of_renamings_to_one_name_at_once_exactly_one_wins()
    {
        await CreateAsync("race-a");
        await CreateAsync("race-b");

        var won = await WhileAsync(
            "update workspace_proxies set name = 'race-c' where name = 'race-a'",
            () => Owner.PatchAsJsonAsync($"{Path}/race-b", new { name = "Race-C" }, Ct));

        (await won.ProblemAsync(Ct)).Should().BeEquivalentTo(
            new { Status = HttpStatusCode.Conflict, Message = "Workspace proxy with name \"Race-C\" already exists." });
        (await Owner.GetAsync($"{Path}/race-b", Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_is_deleted_meanwhile_is_neither_changed_nor_deleted_again()
    {
        await CreateAsync("brief-a");
        await CreateAsync("brief-b");

        var changed = await WhileAsync(
            "update workspace_proxies set deleted = true where name = 'brief-a'",
            () => Owner.PatchAsJsonAsync($"{Path}/brief-a", new { display_name = "x", regenerate_token = true }, Ct));
        var deleted = await WhileAsync(
            "update workspace_proxies set deleted = true where name = 'brief-b'",
            () => Owner.DeleteAsync(new Uri($"{Path}/brief-b", UriKind.Relative), Ct));

        changed.StatusCode.Should().Be(HttpStatusCode.NotFound);
        deleted.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Changes_of_different_fields_at_once_both_stay()
    {
        await CreateAsync("both", "Old", "/old.png");

        var changed = await WhileAsync(
            "update workspace_proxies set icon = '/new.png' where name = 'both'",
            () => Owner.PatchAsJsonAsync($"{Path}/both", new { display_name = "New" }, Ct));

        var proxy = (await changed.JsonAsync(Ct))["proxy"]!;
        proxy["display_name"]!.GetValue<string>().Should().Be("New");
        proxy["icon_url"]!.GetValue<string>().Should().Be("/new.png");
    }

    [Theory]
    [InlineData("", "", "name", "required")]
    [InlineData("-a", "", "name", "username")]
    [InlineData("new", "", "name", "username")]
    [InlineData("valid", " x", "display_name", "display_name")]
    public async Task Fields_have_rules(string name, string displayName, string field, string tag)
    {
        var response = await Owner.PostAsJsonAsync(Path, new { name, display_name = displayName }, Ct);

        var problem = await response.ProblemAsync(Ct);
        problem.Status.Should().Be(HttpStatusCode.BadRequest);
        problem.Message.Should().Be("Validation failed.");
        var (actual, detail) = problem.Validations.Should().ContainSingle().Subject;
        actual.Should().Be(field);
        detail.Should().StartWith($"Validation failed for tag \"{tag}\"");
    }

    [Fact]
    public async Task A_change_leaves_what_it_does_not_name_and_makes_a_token_only_when_asked()
    {
        var created = await CreateAsync("oslo", "Oslo", "/icon/no.png");
        var id = created["proxy"]!["id"]!.GetValue<string>();

        var renamed = await (await Owner.PatchAsJsonAsync($"{Path}/oslo", new { id, display_name = "Christiania" }, Ct)).JsonAsync(Ct);
        var renewed = await (await Owner.PatchAsJsonAsync($"{Path}/{id}", new { name = "oslo2", regenerate_token = true }, Ct)).JsonAsync(Ct);

        renamed["proxy_token"]!.GetValue<string>().Should().BeEmpty();
        renamed["proxy"]!["display_name"]!.GetValue<string>().Should().Be("Christiania");
        renamed["proxy"]!["icon_url"]!.GetValue<string>().Should().Be("/icon/no.png");
        renewed["proxy"]!["name"]!.GetValue<string>().Should().Be("oslo2");
        renewed["proxy_token"]!.GetValue<string>().Should().StartWith($"{id}:").And.NotBe(created["proxy_token"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_id_in_the_body_must_be_that_of_the_proxy()
    {
        await CreateAsync("bonn");

        var response = await Owner.PatchAsJsonAsync($"{Path}/bonn", new { id = Guid.AllBitsSet }, Ct);

        (await response.ProblemAsync(Ct)).Validations.Should().ContainSingle().Which.Field.Should().Be("id");
    }

    [Fact]
    public async Task The_primary_is_neither_changed_nor_deleted()
    {
        var deleted = await Owner.DeleteAsync(new Uri($"{Path}/primary", UriKind.Relative), Ct);
        var changed = await Owner.PatchAsJsonAsync($"{Path}/primary", new { display_name = "x" }, Ct);

        (await deleted.ProblemAsync(Ct)).Should().BeEquivalentTo(
            new { Status = HttpStatusCode.BadRequest, Message = "Cannot delete primary proxy" });
        (await changed.ProblemAsync(Ct)).Should().BeEquivalentTo(
            new { Status = HttpStatusCode.BadRequest, Message = "Cannot update primary proxy" });
    }

    [Fact]
    public async Task A_deleted_proxy_is_gone()
    {
        await CreateAsync("gone");

        var response = await Owner.DeleteAsync(new Uri($"{Path}/gone", UriKind.Relative), Ct);
        var after = await Owner.GetAsync($"{Path}/gone", Ct);
        var again = await Owner.DeleteAsync(new Uri($"{Path}/gone", UriKind.Relative), Ct);

        (await response.Content.ReadAsStringAsync(Ct)).Should().Be("""{"message":"Proxy has been deleted!"}""");
        after.StatusCode.Should().Be(HttpStatusCode.NotFound);
        again.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Only_owners_change_proxies()
    {
        await CreateAsync("mine");
        using var auditor = await Server.AddUserAsync(roles: ["auditor"], Ct);

        var responses = new[]
        {
            await auditor.Client.PostAsJsonAsync(Path, new { name = "theirs" }, Ct),
            await auditor.Client.PatchAsJsonAsync($"{Path}/mine", new { name = "theirs" }, Ct),
            await auditor.Client.DeleteAsync(new Uri($"{Path}/mine", UriKind.Relative), Ct),
        };

        responses.Should().OnlyContain(r => r.StatusCode == HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Regions_are_the_deployment_itself()
    {
        using var member = await Server.AddUserAsync(Ct);

        var body = await member.Client.GetFromJsonAsync<JsonObject>("/api/v2/regions", Ct);

        var region = body!["regions"]!.AsArray().Should().ContainSingle().Subject!.AsObject();
        region.Select(p => p.Key).Should().Equal(
            "id", "name", "display_name", "icon_url", "healthy", "path_app_url", "wildcard_hostname");
        region["id"]!.GetValue<string>().Should().Be(await DeploymentIdAsync());
        region["name"]!.GetValue<string>().Should().Be("primary");
        region["wildcard_hostname"]!.GetValue<string>().Should().Be("*.example.com");
        (await Server.Anonymous.GetAsync("/api/v2/regions", Ct)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    private async Task<string> DeploymentIdAsync() =>
        (await Server.Database.ScalarAsync<string>("select value from site_configs where key = 'deployment_id'", Ct))!;

    // Sends while another transaction has changed the same rows, and lets that one commit as soon as the server waits for it.
    private async Task<HttpResponseMessage> WhileAsync(string sql, Func<Task<HttpResponseMessage>> send)
    {
        const string Waiting = """
            select exists (
                select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%workspace_proxies%')
            """;
        await using var connection = new NpgsqlConnection(Server.Database.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        (await command.ExecuteNonQueryAsync(Ct)).Should().Be(1);
        var response = send();
        await Server.Database.UntilAsync(Waiting, Ct);
        await transaction.CommitAsync(Ct);
        return await response;
    }

    private async Task<JsonObject> CreateAsync(string name, string displayName = "", string icon = "")
    {
        var response = await Owner.PostAsJsonAsync(Path, new { name, display_name = displayName, icon }, Ct);
        response.StatusCode.Should().Be(HttpStatusCode.Created);
        return await response.JsonAsync(Ct);
    }

    public sealed class Licensed : IAsyncLifetime
    {
        public TestServer Server { get; private set; } = null!;

        public HttpClient Owner { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Server = await TestServer.StartAsync(options => options.WildcardAccessUrl = "*.example.com", Ct);
            Owner = await Server.CreateOwnerAsync(Ct);
            await Owner.AddLicenseAsync(Server.Mint.License(), Ct);
        }

        public async ValueTask DisposeAsync()
        {
            Owner.Dispose();
            await Server.DisposeAsync();
        }
    }
}
