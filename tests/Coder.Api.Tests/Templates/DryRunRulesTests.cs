using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Api.Tests.Builds;
using Coder.Testing;

namespace Coder.Api.Tests.Templates;

/// <summary>Who may try what, and what daemons of their own may answer.</summary>
public sealed class DryRunRulesTests(BuildsServer builds) : IClassFixture<BuildsServer>
{
    private static readonly string[] Echo = ["echo"];
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private HttpClient Owner => builds.Owner.Client;

    [Theory]
    [InlineData("pending", 425, "Template version job has not finished")]
    [InlineData("running", 425, "Template version job has not finished")]
    [InlineData("failed", 400, "The provided template version \"broken\" has failed to import: \"It failed.\". You cannot build workspaces with it!")]
    public async Task A_version_that_is_not_imported_can_not_be_tried(string import, int status, string message)
    {
        var template = await builds.TemplateAsync(Ct);
        var version = await builds.Server.Database.AddVersionAsync(template, builds.Owner.Id, Ct, import);
        await builds.Server.Database.ExecuteAsync("update template_versions set name = 'broken' where id = $1", Ct, version);

        var problem = await (await PostAsync(Owner, version, new { })).ProblemAsync(Ct);

        ((int)problem.Status).Should().Be(status);
        problem.Message.Should().Be(message);
    }

    [Fact]
    public async Task Values_are_judged_as_those_of_a_build()
    {
        var template = await builds.TemplateAsync(Ct);
        await builds.Server.Database.AddParameterAsync(template.VersionId, "cpus", Ct, type: "number", min: 2);

        var missing = await (await PostAsync(Owner, template.VersionId, new { })).ProblemAsync(Ct);
        var small = await (await PostAsync(Owner, template.VersionId, With("cpus", "1"))).ProblemAsync(Ct);
        var twice = await (await PostAsync(
            Owner,
            template.VersionId,
            new { rich_parameter_values = new[] { new { name = "cpus", value = "2" }, new { name = "cpus", value = "3" } } })).ProblemAsync(Ct);
        var named = await (await PostAsync(Owner, template.VersionId, new { workspace_name = "no spaces" })).ProblemAsync(Ct);

        foreach (var problem in (Problem[])[missing, small])
        {
            problem.Status.Should().Be(HttpStatusCode.BadRequest);
            problem.Message.Should().Be("Unable to validate parameter \"cpus\"");
        }

        twice.Validations.Select(v => v.Field).Should().Equal("rich_parameter_values");
        named.Validations.Select(v => v.Field).Should().Equal("workspace_name");
        (await PostAsync(Owner, template.VersionId, With("cpus", "2"))).StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_dry_run_is_that_of_whoever_asked_for_it()
    {
        var template = await builds.TemplateAsync(Ct);
        using var member = await builds.Server.AddUserAsync(Ct);
        using var other = await builds.Server.AddUserAsync(Ct);
        var path = await CreateAsync(member.Client, template.VersionId);

        foreach (var end in (string[])["", "/logs", "/resources", "/matched-provisioners"])
        {
            (await member.Client.GetAsync(path + end, Ct)).StatusCode.Should().Be(HttpStatusCode.OK, end);
            (await Owner.GetAsync(path + end, Ct)).StatusCode.Should().Be(HttpStatusCode.OK, end);
            (await other.Client.GetAsync(path + end, Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound, end);
        }

        (await other.Client.PatchAsync($"{path}/cancel", null, Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Who_could_not_make_a_workspace_may_not_try_one()
    {
        var template = await builds.TemplateAsync(Ct);
        using var auditor = await builds.Server.AddUserAsync(new NewTestUser { Roles = ["template-admin"], IsMember = false }, Ct);
        using var stranger = await builds.Server.AddUserAsync(new NewTestUser { IsMember = false }, Ct);

        var refused = await (await PostAsync(auditor.Client, template.VersionId, new { })).ProblemAsync(Ct);

        refused.Status.Should().Be(HttpStatusCode.Forbidden);
        refused.Message.Should().Be("Unauthorized to create workspace.");
        (await PostAsync(stranger.Client, template.VersionId, new { })).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Only_the_dry_runs_of_a_version_are_found_below_it()
    {
        var (template, other) = (await builds.TemplateAsync(Ct), await builds.TemplateAsync(Ct));
        var path = await CreateAsync(Owner, template.VersionId);
        var job = path.Split('/')[^1];
        var import = await builds.Server.Database.ScalarAsync<Guid>("select job_id from template_versions where id = $1", Ct, template.VersionId);

        (await Owner.GetAsync($"{Path(other.VersionId)}/{job}", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await Owner.GetAsync($"{Path(template.VersionId)}/{import}", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await Owner.GetAsync($"{Path(template.VersionId)}/{TestIds.New()}", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await Owner.GetAsync($"{Path(template.VersionId)}/1", Ct)).StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await Owner.GetAsync($"/api/v2/templateversions/1/dry-run/{job}", Ct)).StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_dry_run_that_waits_ends_with_its_cancellation()
    {
        var path = await CreateAsync(Owner, (await builds.TemplateAsync(Ct)).VersionId);

        var first = await Owner.PatchAsync($"{path}/cancel", null, Ct);
        var second = await (await Owner.PatchAsync($"{path}/cancel", null, Ct)).ProblemAsync(Ct);

        first.StatusCode.Should().Be(HttpStatusCode.OK);
        (await Owner.GetFromJsonAsync<JsonObject>(path, Ct))!.Text("status").Should().Be("canceled");
        second.Status.Should().Be(HttpStatusCode.BadRequest);
        second.Message.Should().Be("Job has already completed!");
    }

    [Fact]
    public async Task A_daemon_of_its_own_says_what_there_would_be()
    {
        var organization = await builds.Server.Database.AddOrganizationAsync($"org-{TestIds.New():N}"[..30], Ct);
        var template = await builds.Server.Database.AddReadyTemplateAsync(organization, builds.Owner.Id, Ct);
        var path = await CreateAsync(Owner, template.VersionId);
        var daemon = await RegisterAsync(organization);

        var acquired = await (await Owner.PostAsJsonAsync($"{daemon}/acquire", new { wait_ms = 0 }, Ct)).JsonAsync(Ct);
        var job = $"{daemon}/jobs/{acquired["job"]!.Id()}";
        var wrong = await Owner.PostAsJsonAsync($"{job}/complete", new { resources = new[] { new { type = "" } } }, Ct);
        var completed = await Owner.PostAsJsonAsync($"{job}/complete", new { resources = new[] { new { type = "vm", name = "dev" } } }, Ct);

        acquired["job"]!.Text("type").Should().Be("template_version_dry_run");
        wrong.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        completed.StatusCode.Should().Be(HttpStatusCode.OK, await completed.Content.ReadAsStringAsync(Ct));
        (await Owner.GetFromJsonAsync<JsonArray>($"{path}/resources", Ct))!.Select(r => r!.Text("type")).Should().Equal("vm");
    }

    [Fact]
    public async Task A_daemon_of_its_own_is_told_the_values()
    {
        var organization = await builds.Server.Database.AddOrganizationAsync($"org-{TestIds.New():N}"[..30], Ct);
        var template = await builds.Server.Database.AddReadyTemplateAsync(organization, builds.Owner.Id, Ct);
        await builds.Server.Database.AddParameterAsync(template.VersionId, "cpus", Ct, type: "number", min: 2);
        var job = await (await PostAsync(
            Owner,
            template.VersionId,
            new { workspace_name = "try", rich_parameter_values = new[] { new { name = "cpus", value = "4" } } })).JsonAsync(Ct);
        var daemon = await RegisterAsync(organization);

        var acquired = await (await Owner.PostAsJsonAsync($"{daemon}/acquire", new { wait_ms = 0 }, Ct)).JsonAsync(Ct);

        acquired["job"]!.Id().Should().Be(job.Id());
        acquired.ContainsKey("template_import").Should().BeFalse();
        acquired.ContainsKey("workspace_build").Should().BeFalse();
        var dryRun = acquired["template_dry_run"]!;
        var owner = await (await Owner.GetAsync("/api/v2/users/me", Ct)).JsonAsync(Ct);
        dryRun["template_version_id"]!.GetValue<Guid>().Should().Be(template.VersionId);
        dryRun.Text("workspace_name").Should().Be("try");
        dryRun["workspace_owner_id"]!.GetValue<Guid>().Should().Be(builds.Owner.Id);
        dryRun.Text("workspace_owner_name").Should().Be(owner.Text("username"));
        dryRun.Text("workspace_owner_email").Should().Be(owner.Text("email"));
        dryRun["rich_parameter_values"]!.ToJsonString().Should().Be("""[{"name":"cpus","value":"4"}]""");
        dryRun["variable_values"]!.ToJsonString().Should().Be("[]");
    }

    private static string Path(Guid version) => $"/api/v2/templateversions/{version}/dry-run";

    private static object With(string name, string value) => new { rich_parameter_values = new[] { new { name, value } } };

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, Guid version, object body) =>
        client.PostAsJsonAsync(Path(version), body, Ct);

    private static async Task<string> CreateAsync(HttpClient client, Guid version)
    {
        var response = await PostAsync(client, version, new { });
        response.StatusCode.Should().Be(HttpStatusCode.Created, await response.Content.ReadAsStringAsync(Ct));
        return $"{Path(version)}/{(await response.JsonAsync(Ct)).Id()}";
    }

    private async Task<string> RegisterAsync(Guid organization)
    {
        var response = await Owner.PostAsJsonAsync(
            $"/api/v2/organizations/{organization}/provisionerdaemons", new { name = "worker", provisioners = Echo }, Ct);
        return $"/api/v2/provisionerdaemons/{(await response.JsonAsync(Ct)).Id()}";
    }
}
