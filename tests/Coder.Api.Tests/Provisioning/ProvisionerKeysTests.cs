using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Coder.Testing;

namespace Coder.Api.Tests.Provisioning;

/// <summary>The keys that let provisioner daemons in: docs/spec/workspaces.md, section 5.</summary>
public sealed class ProvisionerKeysTests(ProvisionerKeysTests.Licensed licensed) : IClassFixture<ProvisionerKeysTests.Licensed>
{
    private const string KeyHeader = "Coder-Provisioner-Daemon-Key";

    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly string[] Echo = ["echo"];

    private TestServer Server => licensed.Queue.Server;

    private HttpClient Owner => licensed.Queue.Owner.Client;

    [Fact]
    public async Task A_secret_is_shown_once_and_only_its_hash_is_kept()
    {
        var organization = await licensed.Queue.AddOrganizationAsync(Ct);

        var secret = await CreateAsync(organization, "build-farm", new { gpu = "yes" });

        secret.Should().MatchRegex("^[A-Za-z0-9]{43}$");
        var stored = await Server.Database.ScalarAsync<byte[]>(
            "select hashed_secret from provisioner_keys where organization_id = $1", Ct, organization);
        stored.Should().Equal(SHA256.HashData(Encoding.ASCII.GetBytes(secret)));
        var listed = (await Owner.GetAsync(Path(organization), Ct)).Content;
        (await listed.ReadAsStringAsync(Ct)).Should().NotContain(secret);
        var key = (await listed.ReadFromJsonAsync<JsonArray>(Ct))!.Should().ContainSingle().Which!;
        key["name"]!.GetValue<string>().Should().Be("build-farm");
        key["organization"]!.GetValue<Guid>().Should().Be(organization);
        key["created_at"]!.GetValue<string>().Should().Be("2026-03-01T12:00:00Z");
        key["tags"]!.ToJsonString().Should().Be("""{"gpu":"yes"}""");
    }

    [Fact]
    public async Task Keys_are_listed_by_name_and_for_their_organization_only()
    {
        var organization = await licensed.Queue.AddOrganizationAsync(Ct);
        await CreateAsync(await licensed.Queue.AddOrganizationAsync(Ct), "elsewhere");
        await CreateAsync(organization, "Beta");
        await CreateAsync(organization, "alpha");

        var keys = await Owner.GetFromJsonAsync<JsonArray>(Path(organization), Ct);

        keys!.Select(key => key!["name"]!.GetValue<string>()).Should().Equal("alpha", "Beta");
    }

    [Fact]
    public async Task A_daemon_that_registered_with_a_key_is_listed_with_it()
    {
        var organization = await licensed.Queue.AddOrganizationAsync(Ct);
        var secret = await CreateAsync(organization, "farm");
        await CreateAsync(organization, "unused");
        await licensed.Queue.AddDaemonAsync(organization, Ct);
        var daemon = await RegisterAsync(organization, secret);

        var groups = await Owner.GetFromJsonAsync<JsonArray>($"{Path(organization)}/daemons", Ct);

        groups.Should().NotBeNull();
        groups!.Select(group => group!["key"]!["name"]!.GetValue<string>()).Should().Equal("farm", "unused");
        var registered = groups![0]!["daemons"]!.AsArray().Should().ContainSingle().Which!;
        registered["id"]!.GetValue<Guid>().Should().Be(daemon);
        registered["key_name"]!.GetValue<string>().Should().Be("farm");
        registered["status"]!.GetValue<string>().Should().Be("idle");
        groups[1]!["daemons"]!.AsArray().Should().BeEmpty();
    }

    [Fact]
    public async Task A_deleted_key_takes_its_daemons_along_and_opens_nothing_any_more()
    {
        var organization = await licensed.Queue.AddOrganizationAsync(Ct);
        var secret = await CreateAsync(organization, "Farm");
        var daemon = await RegisterAsync(organization, secret);
        using var driver = licensed.Queue.Driver(KeyHeader, secret);

        var deleted = await Owner.DeleteAsync($"{Path(organization)}/fARM", Ct);

        deleted.StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await deleted.Content.ReadAsStringAsync(Ct)).Should().BeEmpty();
        (await driver.PostAsync($"/api/v2/provisionerdaemons/{daemon}/heartbeat", null, Ct)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await Server.Database.ScalarAsync<long>("select count(*) from provisioner_daemons where id = $1", Ct, daemon)).Should().Be(0);
        (await Owner.DeleteAsync($"{Path(organization)}/Farm", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await CreateAsync(organization, "farm")).Should().NotBe(secret, "its name is free again");
    }

    [Theory]
    [InlineData("""{}""", "name")]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":"no spaces"}""", "name")]
    [InlineData("""{"name":"a/b"}""", "name")]
    [InlineData("""{"name":"built-in"}""", "name")]
    [InlineData("""{"name":"PSK"}""", "name")]
    [InlineData("""{"name":"user-auth"}""", "name")]
    [InlineData("""{"name":"mine","tags":{"scope":"user"}}""", "tags")]
    public async Task A_field_that_breaks_its_rules_is_named(string body, string field)
    {
        var organization = await licensed.Queue.AddOrganizationAsync(Ct);

        var problem = await (await Owner.PostRawAsync(Path(organization), body, "application/json", Ct)).ProblemAsync(Ct);

        problem.Status.Should().Be(HttpStatusCode.BadRequest);
        problem.Validations.Select(v => v.Field).Should().Equal(field);
    }

    [Fact]
    public async Task Names_and_tags_have_a_longest_length()
    {
        var organization = await licensed.Queue.AddOrganizationAsync(Ct);
        var tags = Enumerable.Range(0, 65).ToDictionary(n => $"t{n}", _ => "");

        (await PostAsync(organization, new string('n', 64))).StatusCode.Should().Be(HttpStatusCode.Created);
        (await (await PostAsync(organization, new string('n', 65))).ProblemAsync(Ct)).Validations.Select(v => v.Field).Should().Equal("name");
        (await (await PostAsync(organization, "tagged", tags)).ProblemAsync(Ct)).Validations.Select(v => v.Field).Should().Equal("tags");
    }

    [Fact]
    public async Task A_name_is_taken_without_regard_to_case_and_in_its_organization_only()
    {
        var organization = await licensed.Queue.AddOrganizationAsync(Ct);
        await CreateAsync(organization, "farm");

        var problem = await (await PostAsync(organization, "FARM")).ProblemAsync(Ct);

        problem.Status.Should().Be(HttpStatusCode.Conflict);
        problem.Message.Should().Be("A provisioner key named \"FARM\" already exists.");
        problem.Validations.Select(v => v.Field).Should().Equal("name");
        (await PostAsync(await licensed.Queue.AddOrganizationAsync(Ct), "farm")).StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_member_reads_keys_and_neither_makes_nor_deletes_them()
    {
        var organization = await Server.Database.DefaultOrganizationAsync(Ct);
        var name = $"k-{TestIds.New():N}";
        await CreateAsync(organization, name);
        using var member = await Server.AddUserAsync(Ct);

        (await member.Client.GetFromJsonAsync<JsonArray>(Path(organization), Ct))!.Select(k => k!["name"]!.GetValue<string>()).Should().Contain(name);
        (await member.Client.PostAsJsonAsync(Path(organization), new { name = "mine" }, Ct)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await member.Client.DeleteAsync($"{Path(organization)}/{name}", Ct)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task To_strangers_there_is_neither_the_organization_nor_the_key()
    {
        var organization = await licensed.Queue.AddOrganizationAsync(Ct);
        await CreateAsync(organization, "farm");
        var id = (await Owner.GetFromJsonAsync<JsonArray>(Path(organization), Ct))![0]!["id"]!.GetValue<Guid>();
        using var stranger = await Server.AddUserAsync(Ct);

        foreach (var path in (string[])[Path(organization), $"{Path(organization)}/daemons", $"/api/v2/provisionerkeys/{id}"])
        {
            (await stranger.Client.GetAsync(path, Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound, path);
        }

        (await stranger.Client.DeleteAsync($"{Path(organization)}/farm", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await stranger.Client.PostAsJsonAsync(Path(organization), new { name = "mine" }, Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_daemon_reads_its_own_key_by_id_and_by_secret_and_no_other()
    {
        var organization = await licensed.Queue.AddOrganizationAsync(Ct);
        var secret = await CreateAsync(organization, "farm");
        var other = await CreateAsync(organization, "other");
        var keys = (await Owner.GetFromJsonAsync<JsonArray>(Path(organization), Ct))!;
        using var driver = licensed.Queue.Driver(KeyHeader, secret);

        foreach (var own in (string[])[secret, keys[0]!["id"]!.GetValue<string>()])
        {
            (await driver.GetFromJsonAsync<JsonObject>($"/api/v2/provisionerkeys/{own}", Ct))!["name"]!.GetValue<string>().Should().Be("farm");
        }

        foreach (var foreign in (string[])[other, keys[1]!["id"]!.GetValue<string>()])
        {
            (await driver.GetAsync($"/api/v2/provisionerkeys/{foreign}", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task A_user_reads_a_key_by_its_id_only()
    {
        var organization = await licensed.Queue.AddOrganizationAsync(Ct);
        var secret = await CreateAsync(organization, "farm");
        var id = (await Owner.GetFromJsonAsync<JsonArray>(Path(organization), Ct))![0]!["id"]!.GetValue<Guid>();
        using var holder = licensed.Queue.Driver("Coder-Provisioner-Daemon-PSK", QueueServer.Secret);

        (await Owner.GetFromJsonAsync<JsonObject>($"/api/v2/provisionerkeys/{id}", Ct))!["name"]!.GetValue<string>().Should().Be("farm");
        (await Owner.GetAsync($"/api/v2/provisionerkeys/{secret}", Ct)).StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await holder.GetAsync($"/api/v2/provisionerkeys/{id}", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await Server.Anonymous.GetAsync($"/api/v2/provisionerkeys/{id}", Ct)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task What_is_done_with_keys_is_recorded_without_their_secrets()
    {
        var organization = await licensed.Queue.AddOrganizationAsync(Ct);
        var secret = await CreateAsync(organization, "recorded", new { gpu = "yes" });
        await PostAsync(organization, "recorded");
        await Owner.DeleteAsync($"{Path(organization)}/recorded", Ct);

        var rows = (await Server.Database.AuditRowsAsync("provisioner_key", Ct)).Where(row => row.OrganizationId == organization).ToList();

        rows.Select(row => (row.Action, row.StatusCode, row.Target)).Should().Equal(
            ("create", 201, "recorded"), ("create", 409, "recorded"), ("delete", 204, "recorded"));
        rows[0].Diff.Select(field => field.Key).Should().BeEquivalentTo("id", "name", "tags", "hashed_secret");
        rows[0].Diff["hashed_secret"]!["new"]!.GetValue<string>().Should().BeEmpty();
        rows.Should().OnlyContain(row => !row.Diff.ToJsonString(null).Contains(secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_the_feature_keys_are_neither_listed_nor_made_nor_deleted()
    {
        var unlicensed = new QueueServer();
        await unlicensed.InitializeAsync();
        await using var server = unlicensed.Server;
        var organization = await server.Database.DefaultOrganizationAsync(Ct);
        var client = unlicensed.Owner.Client;

        HttpResponseMessage[] answers =
        [
            await client.GetAsync(Path(organization), Ct),
            await client.GetAsync($"{Path(organization)}/daemons", Ct),
            await client.PostRawAsync(Path(organization), "not json", "application/json", Ct),
            await client.DeleteAsync($"{Path(organization)}/any", Ct),
        ];

        answers.Should().OnlyContain(answer => answer.StatusCode == HttpStatusCode.Forbidden);
    }

    private static string Path(Guid organization) => $"/api/v2/organizations/{organization}/provisionerkeys";

    private Task<HttpResponseMessage> PostAsync(Guid organization, string name, object? tags = null) =>
        Owner.PostAsJsonAsync(Path(organization), new { name, tags }, Ct);

    private async Task<string> CreateAsync(Guid organization, string name, object? tags = null)
    {
        var response = await PostAsync(organization, name, tags);
        response.StatusCode.Should().Be(HttpStatusCode.Created, await response.Content.ReadAsStringAsync(Ct));
        return (await response.JsonAsync(Ct))["key"]!.GetValue<string>();
    }

    private async Task<Guid> RegisterAsync(Guid organization, string secret)
    {
        using var driver = licensed.Queue.Driver(KeyHeader, secret);
        var response = await driver.PostAsJsonAsync(
            $"/api/v2/organizations/{organization}/provisionerdaemons", new { name = "worker", provisioners = Echo }, Ct);
        response.StatusCode.Should().Be(HttpStatusCode.Created, await response.Content.ReadAsStringAsync(Ct));
        return (await response.JsonAsync(Ct))["id"]!.GetValue<Guid>();
    }

    /// <summary>A server with daemons and a license that gives everything.</summary>
    public sealed class Licensed : IAsyncLifetime
    {
        public QueueServer Queue { get; } = new();

        public async ValueTask InitializeAsync()
        {
            await Queue.InitializeAsync();
            await Queue.Server.StartAuditingAsync(Queue.Owner.Client, CancellationToken.None);
        }

        public ValueTask DisposeAsync() => Queue.DisposeAsync();
    }
}
