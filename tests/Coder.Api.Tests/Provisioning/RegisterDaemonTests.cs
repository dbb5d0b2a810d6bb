using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Coder.Testing;

namespace Coder.Api.Tests.Provisioning;

public sealed class RegisterDaemonTests(QueueServer fixture) : IClassFixture<QueueServer>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private static readonly string[] Echo = ["echo"];

    private static readonly string[] Several = ["terraform", "echo", "echo"];

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task A_daemon_that_registers_again_keeps_its_id()
    {
        var organization = await fixture.AddOrganizationAsync(Ct);

        var first = await RegisterAsync(fixture.Owner.Client, organization, new { name = "d1", provisioners = Echo, version = "v1" });
        var second = await RegisterAsync(
            fixture.Owner.Client,
            organization,
            new { name = "d1", provisioners = Several, version = "v2", tags = new { gpu = "yes", owner = "me" } });

        (first.StatusCode, second.StatusCode).Should().Be((HttpStatusCode.Created, HttpStatusCode.OK));
        var (old, daemon) = (await first.JsonAsync(Ct), await second.JsonAsync(Ct));
        daemon["id"]!.GetValue<Guid>().Should().Be(old["id"]!.GetValue<Guid>());
        daemon["created_at"]!.GetValue<string>().Should().Be(old["created_at"]!.GetValue<string>());
        daemon["version"]!.GetValue<string>().Should().Be("v2");
        daemon["api_version"]!.GetValue<string>().Should().Be("1.9");
        daemon["status"]!.GetValue<string>().Should().Be("idle");
        daemon["provisioners"]!.AsArray().Select(p => p!.GetValue<string>()).Should().Equal("terraform", "echo");
        daemon["tags"]!.ToJsonString().Should().Be("""{"gpu":"yes","owner":"","scope":"organization"}""");
        daemon["organization_id"]!.GetValue<Guid>().Should().Be(organization);
        daemon["current_job"].Should().BeNull();
    }

    [Theory]
    [InlineData("""{"name":"", "provisioners":["echo"]}""", "name")]
    [InlineData("""{"provisioners":["echo"]}""", "name")]
    [InlineData("""{"name":"d"}""", "provisioners")]
    [InlineData("""{"name":"d", "provisioners":[]}""", "provisioners")]
    [InlineData("""{"name":"d", "provisioners":["docker"]}""", "provisioners")]
    [InlineData("""{"name":"d", "provisioners":[null]}""", "provisioners")]
    public async Task A_field_that_breaks_its_rules_is_named(string body, string field)
    {
        var organization = await fixture.AddOrganizationAsync(Ct);

        var response = await fixture.Owner.Client.PostRawAsync(Path(organization), body, "application/json", Ct);

        var problem = await response.ProblemAsync(Ct);
        problem.Status.Should().Be(HttpStatusCode.BadRequest);
        problem.Validations.Select(v => v.Field).Should().Equal(field);
    }

    [Fact]
    public async Task A_member_registers_daemons_for_himself_and_not_for_everybody()
    {
        using var member = await Server.AddUserAsync(Ct);
        var organization = await Server.Database.DefaultOrganizationAsync(Ct);

        var forAll = await RegisterAsync(member.Client, organization, new { name = member.Username, provisioners = Echo });
        var own = await RegisterAsync(
            member.Client, organization, new { name = member.Username, provisioners = Echo, tags = new { scope = "user" } });

        var problem = await forAll.ProblemAsync(Ct);
        problem.Status.Should().Be(HttpStatusCode.Forbidden);
        problem.Message.Should().Be("You aren't allowed to create provisioner daemons with scope \"organization\"");
        own.StatusCode.Should().Be(HttpStatusCode.Created);
        (await own.JsonAsync(Ct))["tags"]!["owner"]!.GetValue<Guid>().Should().Be(member.Id);
    }

    [Fact]
    public async Task A_foreign_organization_is_a_missing_one()
    {
        using var member = await Server.AddUserAsync(Ct);
        var organization = await fixture.AddOrganizationAsync(Ct);

        var response = await RegisterAsync(member.Client, organization, new { name = "d", provisioners = Echo });

        response.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_shared_secret_registers_and_drives_daemons_for_everybody()
    {
        var organization = await fixture.AddOrganizationAsync(Ct);
        using var client = fixture.Driver("Coder-Provisioner-Daemon-PSK", QueueServer.Secret);
        using var wrong = fixture.Driver("Coder-Provisioner-Daemon-PSK", "guessed");

        var registered = await RegisterAsync(client, organization, new { name = "d", provisioners = Echo });
        var forNobody = await RegisterAsync(client, organization, new { name = "d", provisioners = Echo, tags = new { scope = "user" } });
        var refused = await RegisterAsync(wrong, organization, new { name = "d", provisioners = Echo });
        var id = (await registered.JsonAsync(Ct))["id"]!.GetValue<Guid>();
        var beat = await client.PostAsync($"/api/v2/provisionerdaemons/{id}/heartbeat", null, Ct);

        registered.StatusCode.Should().Be(HttpStatusCode.Created);
        (await forNobody.ProblemAsync(Ct)).Message.Should().Be("You aren't allowed to create provisioner daemons with scope \"user\"");
        (await refused.ProblemAsync(Ct)).Status.Should().Be(HttpStatusCode.Unauthorized);
        beat.StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_key_registers_daemons_with_its_tags_in_its_organization_only()
    {
        var organization = await fixture.AddOrganizationAsync(Ct);
        var other = await fixture.AddOrganizationAsync(Ct);
        await Server.Database.ExecuteAsync(
            """
            insert into provisioner_keys (id, organization_id, created_at, name, hashed_secret, tags)
            values ($1, $2, now(), 'k', $3, '{"gpu": "yes"}')
            """,
            Ct,
            TestIds.New(),
            organization,
            SHA256.HashData(Encoding.UTF8.GetBytes("key-of-a-test")));
        using var client = fixture.Driver("Coder-Provisioner-Daemon-Key", "key-of-a-test");
        using var wrong = fixture.Driver("Coder-Provisioner-Daemon-Key", "guessed");
        var body = new { name = "d", provisioners = Echo, tags = new { moon = "yes" } };

        var registered = await RegisterAsync(client, organization, body);
        var elsewhere = await RegisterAsync(client, other, body);
        var refused = await RegisterAsync(wrong, organization, body);

        var daemon = await registered.JsonAsync(Ct);
        daemon["tags"]!.ToJsonString().Should().Be("""{"gpu":"yes","owner":"","scope":"organization"}""");
        daemon["key_name"]!.GetValue<string>().Should().Be("k");
        elsewhere.StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await refused.ProblemAsync(Ct)).Status.Should().Be(HttpStatusCode.Unauthorized);
        var beat = await client.PostAsync($"/api/v2/provisionerdaemons/{daemon["id"]!.GetValue<Guid>()}/heartbeat", null, Ct);
        beat.StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Only_who_registered_a_daemon_or_may_change_daemons_drives_it()
    {
        using var member = await Server.AddUserAsync(Ct);
        using var other = await Server.AddUserAsync(Ct);
        using var admin = await Server.AddUserAsync(["template-admin"], Ct);
        using var secret = fixture.Driver("Coder-Provisioner-Daemon-PSK", QueueServer.Secret);
        var organization = await Server.Database.DefaultOrganizationAsync(Ct);
        var registered = await RegisterAsync(
            member.Client, organization, new { name = member.Username, provisioners = Echo, tags = new { scope = "user" } });
        var path = $"/api/v2/provisionerdaemons/{(await registered.JsonAsync(Ct))["id"]!.GetValue<Guid>()}/heartbeat";

        var answers = new List<HttpStatusCode>();
        foreach (var client in new[] { member.Client, admin.Client, other.Client, secret, Server.Anonymous })
        {
            answers.Add((await client.PostAsync(path, null, Ct)).StatusCode);
        }

        answers.Should().Equal(
            HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.Unauthorized);
        var malformed = await member.Client.PostAsync("/api/v2/provisionerdaemons/xyz/heartbeat", null, Ct);
        (await malformed.ProblemAsync(Ct)).Message.Should().Be("Invalid UUID \"xyz\".");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nobody_drives_the_daemons_of_the_server_or_takes_their_names(bool hasSecret)
    {
        var organization = await fixture.AddOrganizationAsync(Ct);
        var daemon = await fixture.AddDaemonAsync(organization, Ct);
        await Server.Database.ExecuteAsync(
            "update provisioner_daemons set built_in = true, name = 'host-built-in-0' where id = $1", Ct, daemon);
        await fixture.PostJobAsync(organization, Ct);
        using var secret = fixture.Driver("Coder-Provisioner-Daemon-PSK", QueueServer.Secret);
        var client = hasSecret ? secret : fixture.Owner.Client;

        var driven = await fixture.AcquireAsync(daemon, Ct, client: client);
        var body = new { name = "host-built-in-0", provisioners = Several };
        var renamed = await (await RegisterAsync(client, organization, body)).ProblemAsync(Ct);

        driven.StatusCode.Should().Be(HttpStatusCode.NotFound);
        renamed.Status.Should().Be(HttpStatusCode.Conflict);
        renamed.Message.Should().Be("A daemon of the server is named \"host-built-in-0\".");
        var isUnchanged = await Server.Database.ScalarAsync<bool>(
            "select built_in and provisioners = '{echo}' and version = '' from provisioner_daemons where id = $1", Ct, daemon);
        isUnchanged.Should().BeTrue();
    }

    [Fact]
    public async Task Who_did_not_register_a_daemon_can_not_take_its_name()
    {
        var organization = await fixture.AddOrganizationAsync(Ct);
        using var production = await AddKeyAsync(organization, """{"env": "prod"}""");
        using var development = await AddKeyAsync(organization, """{"env": "dev"}""");
        using var secret = fixture.Driver("Coder-Provisioner-Daemon-PSK", QueueServer.Secret);
        var body = new { name = "prod-1", provisioners = Echo };
        var daemon = (await (await RegisterAsync(production, organization, body)).JsonAsync(Ct))["id"]!.GetValue<Guid>();

        var byKey = await (await RegisterAsync(development, organization, body)).ProblemAsync(Ct);
        var bySecret = await (await RegisterAsync(secret, organization, body)).ProblemAsync(Ct);
        var beat = await production.PostAsync($"/api/v2/provisionerdaemons/{daemon}/heartbeat", null, Ct);
        var again = await RegisterAsync(production, organization, body);

        foreach (var problem in new[] { byKey, bySecret })
        {
            problem.Status.Should().Be(HttpStatusCode.Conflict);
            problem.Message.Should().Be("A daemon that was registered with other credentials is named \"prod-1\".");
            problem.Detail.Should().Be("Take another name, delete the key of that daemon, or wait until it has been away for ten minutes.");
        }

        beat.StatusCode.Should().Be(HttpStatusCode.NoContent);
        again.StatusCode.Should().Be(HttpStatusCode.OK);
        (await again.JsonAsync(Ct))["tags"]!["env"]!.GetValue<string>().Should().Be("prod");
    }

    [Fact]
    public async Task Who_may_change_daemons_may_take_their_names()
    {
        var organization = await fixture.AddOrganizationAsync(Ct);
        using var key = await AddKeyAsync(organization, """{"env": "prod"}""");
        var body = new { name = "prod-1", provisioners = Echo };
        var daemon = (await (await RegisterAsync(key, organization, body)).JsonAsync(Ct))["id"]!.GetValue<Guid>();

        var taken = await RegisterAsync(fixture.Owner.Client, organization, body);
        var back = await RegisterAsync(key, organization, body);

        taken.StatusCode.Should().Be(HttpStatusCode.OK);
        (await taken.JsonAsync(Ct))["id"]!.GetValue<Guid>().Should().Be(daemon);
        back.StatusCode.Should().Be(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_daemon_comes_back_with_a_new_key_once_the_old_one_is_deleted()
    {
        var organization = await fixture.AddOrganizationAsync(Ct);
        using var old = await AddKeyAsync(organization, "{}");
        using var next = await AddKeyAsync(organization, "{}");
        var body = new { name = "prod-1", provisioners = Echo };
        var daemon = (await (await RegisterAsync(old, organization, body)).JsonAsync(Ct))["id"]!.GetValue<Guid>();
        var before = await RegisterAsync(next, organization, body);

        await Server.Database.ExecuteAsync(
            "delete from provisioner_keys where id = (select key_id from provisioner_daemons where id = $1)", Ct, daemon);
        var after = await RegisterAsync(next, organization, body);

        before.StatusCode.Should().Be(HttpStatusCode.Conflict);
        after.StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData(599, false, HttpStatusCode.Conflict)]
    [InlineData(600, false, HttpStatusCode.OK)]
    [InlineData(6000, true, HttpStatusCode.Conflict)]
    public async Task The_name_of_a_daemon_that_went_away_is_free_after_ten_minutes_unless_it_has_a_job(
        int seconds, bool hasJob, HttpStatusCode answer)
    {
        var organization = await fixture.AddOrganizationAsync(Ct);
        using var old = await AddKeyAsync(organization, "{}");
        using var next = await AddKeyAsync(organization, """{"env": "dev"}""");
        var body = new { name = "prod-1", provisioners = Echo };
        var daemon = (await (await RegisterAsync(old, organization, body)).JsonAsync(Ct))["id"]!.GetValue<Guid>();
        var now = Server.Clock.GetUtcNow();
        await Server.Database.ExecuteAsync(
            "update provisioner_daemons set last_seen_at = $2 where id = $1", Ct, daemon, now - TimeSpan.FromSeconds(seconds));
        if (hasJob)
        {
            await fixture.AddJobAsync(organization, Ct, job => job with { StartedAt = now, Worker = daemon });
        }

        var taken = await RegisterAsync(next, organization, body);

        taken.StatusCode.Should().Be(answer);
    }

    private async Task<HttpClient> AddKeyAsync(Guid organization, string tags)
    {
        var secret = TestIds.New().ToString();
        await Server.Database.ExecuteAsync(
            """
            insert into provisioner_keys (id, organization_id, created_at, name, hashed_secret, tags)
            values ($1, $2, now(), $1::text, $3, $4::jsonb)
            """,
            Ct,
            TestIds.New(),
            organization,
            SHA256.HashData(Encoding.UTF8.GetBytes(secret)),
            tags);
        return fixture.Driver("Coder-Provisioner-Daemon-Key", secret);
    }

    private static string Path(Guid organization) => $"/api/v2/organizations/{organization}/provisionerdaemons";

    private static Task<HttpResponseMessage> RegisterAsync(HttpClient client, Guid organization, object body) =>
        client.PostAsJsonAsync(Path(organization), body, Ct);
}
