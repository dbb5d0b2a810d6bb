using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Api.Tests.Files;
using Coder.Testing;

namespace Coder.Api.Tests.Templates;

public sealed class TemplateVersionsTests(TemplatesServer templates) : IClassFixture<TemplatesServer>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => templates.Server;

    private HttpClient Owner => templates.Owner;

    [Fact]
    public async Task A_version_of_an_archive_waits_for_its_import()
    {
        var file = await UploadAsync("""{"version":1}""");

        var version = await CreateAsync(new { file_id = file, message = "first", tags = new { zone = "eu" } });

        version["name"]!.GetValue<string>().Should().MatchRegex("^[a-z]+_[a-z]+$");
        version["message"]!.GetValue<string>().Should().Be("first");
        version["template_id"].Should().BeNull();
        version["created_by"]!["username"]!.GetValue<string>().Should().Be("owner");
        version["archived"]!.GetValue<bool>().Should().BeFalse();
        version["warnings"]!.AsArray().Should().BeEmpty();
        version["readme"]!.GetValue<string>().Should().BeEmpty();
        var job = version["job"]!;
        job["status"]!.GetValue<string>().Should().Be("pending");
        job["type"]!.GetValue<string>().Should().Be("template_version_import");
        job["file_id"]!.GetValue<Guid>().Should().Be(file);
        job["tags"]!.ToJsonString().Should().Be("""{"owner":"","scope":"organization","zone":"eu"}""");
        job["input"]!["template_version_id"]!.GetValue<Guid>().Should().Be(version.Id());
        (await Owner.GetFromJsonAsync<JsonObject>($"{TemplatesApi.Versions}/{version.Id()}", Ct))!.ToJsonString()
            .Should().Be(version.ToJsonString());
    }

    [Fact]
    public async Task An_example_can_stand_for_an_archive()
    {
        var examples = (await Owner.GetFromJsonAsync<JsonArray>($"{TemplatesApi.Templates}/examples", Ct))!;
        var example = examples[0]!.Id();

        var version = await CreateAsync(new { example_id = example.ToString() });

        examples.Should().HaveCountGreaterThan(1);
        (await Owner.GetStringAsync($"{TemplatesApi.OfDefault}/examples", Ct))
            .Should().Be(await Owner.GetStringAsync($"{TemplatesApi.Templates}/examples", Ct));
        (await Server.Database.ScalarAsync<string>("select source_example_id from template_versions where id = $1", Ct, version.Id()))
            .Should().Be(example.ToString());
        (await Server.Database.ScalarAsync<string>(
            "select j.provisioner::text from provisioner_jobs j where j.id = $1", Ct, version["job"]!.Id())).Should().Be("echo");
    }

    [Theory]
    [InlineData("""{"example_id":"x","file_id":"00000000-0000-4000-8000-000000000000"}""", 400, "You cannot specify both an example_id and a file_id.")]
    [InlineData("""{"example_id":"x"}""", 404, "Example not found.")]
    [InlineData("""{"file_id":"00000000-0000-4000-8000-000000000000"}""", 404, "File not found.")]
    [InlineData("""{}""", 400, "Validation failed.")]
    [InlineData("""{"storage_method":"disk"}""", 400, "Validation failed.")]
    [InlineData("""{"provisioner":"docker"}""", 400, "Validation failed.")]
    [InlineData("""{"name":"a b"}""", 400, "Validation failed.")]
    [InlineData("""{"template_id":"00000000-0000-4000-8000-000000000000","example_id":"x"}""", 404, "Template does not exist.")]
    public async Task What_is_not_accepted_is_said(string fields, int status, string message)
    {
        var problem = await (await PostAsync(Owner, JsonNode.Parse(fields)!.AsObject())).ProblemAsync(Ct);

        problem.Should().BeEquivalentTo(new { Status = (HttpStatusCode)status, Message = message });
    }

    [Fact]
    public async Task A_file_of_somebody_else_is_not_found()
    {
        using var admin = await Server.AddUserAsync(
            new NewTestUser { OrganizationRoles = ["organization-template-admin"] }, Ct);
        using var member = await Server.AddUserAsync(Ct);
        var file = await UploadAsync("""{"version":1,"parameters":[]}""");

        var refused = await PostAsync(member.Client, new JsonObject { ["file_id"] = file });

        refused.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await PostAsync(admin.Client, new JsonObject { ["file_id"] = file })).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Versions_are_listed_found_and_named()
    {
        var template = await Server.NewTemplateAsync(Owner, "versioned", Ct);
        var file = await UploadAsync("""{"version":1,"presets":[]}""");
        var second = await CreateAsync(new { file_id = file, template_id = template, name = "second" });
        var third = await CreateAsync(new { file_id = file, template_id = template, name = "third.1" });
        var path = $"{TemplatesApi.Templates}/{template}/versions";

        var all = (await Owner.GetFromJsonAsync<JsonArray>(path, Ct))!;
        var page = (await Owner.GetFromJsonAsync<JsonArray>($"{path}?after_id={all[0]!.Id()}&limit=1", Ct))!;
        var conflict = await (await PostAsync(
            Owner, new JsonObject { ["file_id"] = file, ["template_id"] = template, ["name"] = "second" })).ProblemAsync(Ct);

        all.Select(v => v!.Id()).Should().HaveCount(3).And.Contain([second.Id(), third.Id()]);
        page.Select(v => v!.Id()).Should().Equal(all[1]!.Id());
        conflict.Status.Should().Be(HttpStatusCode.Conflict);
        (await IdAsync($"{path}/second")).Should().Be(second.Id());
        (await IdAsync($"{TemplatesApi.OfDefault}/versioned/versions/third.1")).Should().Be(third.Id());
        (await Owner.GetAsync($"{path}/Second", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await Owner.GetAsync($"{path}?limit=-1", Ct)).StatusCode.Should().Be(HttpStatusCode.BadRequest);

        async Task<Guid> IdAsync(string url) => (await Owner.GetFromJsonAsync<JsonObject>(url, Ct))!.Id();
    }

    [Fact]
    public async Task The_version_before_is_found_until_the_first()
    {
        var template = await Server.NewTemplateAsync(Owner, "lineage", Ct);
        await Server.Database.ExecuteAsync(
            "update template_versions set name = 'one', created_at = '2025-01-01' where template_id = $1", Ct, template);
        await Server.AddVersionAsync(Ct, template: template, name: "two");

        var before = (await Owner.GetFromJsonAsync<JsonObject>($"{TemplatesApi.OfDefault}/lineage/versions/two/previous", Ct))!;
        var problem = await (await Owner.GetAsync($"{TemplatesApi.OfDefault}/lineage/versions/one/previous", Ct)).ProblemAsync(Ct);

        before["name"]!.GetValue<string>().Should().Be("one");
        problem.Should().BeEquivalentTo(
            new { Status = HttpStatusCode.NotFound, Message = "No previous template version found for \"one\"." });
    }

    [Fact]
    public async Task An_import_is_canceled_once()
    {
        var version = await CreateAsync(new { file_id = await UploadAsync("""{"version":1,"variables":[]}""") });
        var path = $"{TemplatesApi.Versions}/{version.Id()}/cancel";

        var done = await Owner.PatchAsync(path, null, Ct);
        var again = await (await Owner.PatchAsync(path, null, Ct)).ProblemAsync(Ct);

        (await done.JsonAsync(Ct))["message"]!.GetValue<string>().Should().Be("Job has been marked as canceled...");
        again.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = "Job has already completed!" });
    }

    [Fact]
    public async Task Name_and_message_can_be_changed()
    {
        var template = await Server.NewTemplateAsync(Owner, "edited", Ct);
        var version = await Server.AddVersionAsync(Ct, template: template, name: "draft");
        await Server.AddVersionAsync(Ct, template: template, name: "final");
        var path = $"{TemplatesApi.Versions}/{version}";

        var changed = await (await Owner.PatchAsJsonAsync(path, new { name = "better", message = "why" }, Ct)).JsonAsync(Ct);
        var kept = await (await Owner.PatchAsJsonAsync(path, new { name = "" }, Ct)).JsonAsync(Ct);
        var conflict = await Owner.PatchAsJsonAsync(path, new { name = "final" }, Ct);

        changed["name"]!.GetValue<string>().Should().Be("better");
        kept["name"]!.GetValue<string>().Should().Be("better");
        kept["message"]!.GetValue<string>().Should().Be("why");
        conflict.StatusCode.Should().Be(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task What_nothing_uses_can_be_archived()
    {
        var template = await Server.NewTemplateAsync(Owner, "tidy", Ct);
        var active = (await Owner.TemplateAsync(template, Ct))["active_version_id"]!.GetValue<Guid>();
        var failed = await Server.AddVersionAsync(Ct, "failed", template);
        var unused = await Server.AddVersionAsync(Ct, template: template);
        var pending = await Server.AddVersionAsync(Ct, "pending", template);

        (await PostAsync($"{TemplatesApi.Versions}/{active}/archive")).StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await PostAsync($"{TemplatesApi.Versions}/{pending}/archive")).StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await ArchivedAsync(new { })).Should().Equal(failed);
        (await ArchivedAsync(new { all = true })).Should().Equal(unused);
        (await PostAsync($"{TemplatesApi.Versions}/{unused}/unarchive")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await PostAsync($"{TemplatesApi.Versions}/{unused}/unarchive")).StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await PostAsync($"{TemplatesApi.Versions}/{unused}/archive")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await CountAsync("")).Should().Be(2);
        (await CountAsync("?include_archived=true")).Should().Be(4);

        async Task<Guid[]> ArchivedAsync(object body)
        {
            var response = await Owner.PostAsJsonAsync($"{TemplatesApi.Templates}/{template}/versions/archive", body, Ct);
            return [.. (await response.JsonAsync(Ct))["archived_ids"]!.AsArray().Select(id => id!.GetValue<Guid>())];
        }

        async Task<int> CountAsync(string query) =>
            (await Owner.GetFromJsonAsync<JsonArray>($"{TemplatesApi.Templates}/{template}/versions{query}", Ct))!.Count;

        Task<HttpResponseMessage> PostAsync(string path) => Owner.PostAsync(path, null, Ct);
    }

    [Fact]
    public async Task Before_the_import_ended_there_is_nothing_to_ask_for()
    {
        var path = $"{TemplatesApi.Versions}/{await Server.AddVersionAsync(Ct, "pending")}";

        var parameters = await (await Owner.GetAsync($"{path}/rich-parameters", Ct)).ProblemAsync(Ct);
        var variables = await (await Owner.GetAsync($"{path}/variables", Ct)).ProblemAsync(Ct);

        parameters.Should().BeEquivalentTo(new { Status = (HttpStatusCode)425, Message = "Template version job has not finished" });
        variables.Should().BeEquivalentTo(new { Status = HttpStatusCode.Forbidden, Message = "Template version job has not finished" });
        foreach (var empty in new[] { "presets", "parameters", "external-auth", "logs" })
        {
            (await Owner.GetStringAsync($"{path}/{empty}", Ct)).Should().Be("[]", empty);
        }
    }

    [Fact]
    public async Task What_the_import_found_is_shown()
    {
        var version = await Server.AddVersionAsync(Ct);
        await Server.Database.ExecuteAsync(Found, Ct, version, TestIds.New());
        var path = $"{TemplatesApi.Versions}/{version}";

        var parameter = (await Owner.GetFromJsonAsync<JsonArray>($"{path}/rich-parameters", Ct))!.Should().ContainSingle().Subject!;
        var variables = (await Owner.GetFromJsonAsync<JsonArray>($"{path}/variables", Ct))!;
        var preset = (await Owner.GetFromJsonAsync<JsonArray>($"{path}/presets", Ct))!.Should().ContainSingle().Subject!.AsObject();

        parameter["description_plaintext"]!.GetValue<string>().Should().Be("Where it runs");
        parameter["form_type"]!.GetValue<string>().Should().Be("radio");
        parameter["options"]!.ToJsonString().Should().Be("""[{"name":"EU","description":"","value":"eu","icon":""}]""");
        variables.Select(v => (v!["name"]!.GetValue<string>(), v!["value"]!.GetValue<string>()))
            .Should().Equal(("password", ""), ("user", "anna"));
        preset.Select(p => p.Key).Should().BeEquivalentTo(
            ["ID", "Name", "Parameters", "Default", "DesiredPrebuildInstances", "Description", "Icon"]);
        preset["Parameters"]!.ToJsonString().Should().Be("""[{"Name":"region","Value":"eu"}]""");
        preset["DesiredPrebuildInstances"]!.GetValue<int>().Should().Be(2);
    }

    [Fact]
    public async Task A_version_of_a_template_that_one_may_not_see_is_not_found()
    {
        using var stranger = await Server.AddUserAsync(new NewTestUser { IsMember = false }, Ct);
        using var member = await Server.AddUserAsync(Ct);
        var template = await Server.NewTemplateAsync(Owner, "seen", Ct);
        var version = await Server.AddVersionAsync(Ct, template: template);
        var free = await Server.AddVersionAsync(Ct);

        (await stranger.Client.GetAsync($"{TemplatesApi.Versions}/{version}", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await member.Client.GetAsync($"{TemplatesApi.Versions}/{version}", Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await member.Client.GetAsync($"{TemplatesApi.Versions}/{free}", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await member.Client.PatchAsync($"{TemplatesApi.Versions}/{version}/cancel", null, Ct)).StatusCode
            .Should().Be(HttpStatusCode.Forbidden);
        (await Owner.GetAsync($"{TemplatesApi.Versions}/nothing", Ct)).StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    private const string Found = """
        with parameter as (
            insert into template_version_parameters (template_version_id, name, description, type, form_type, default_value, required, options)
            values ($1, 'region', '**Where** it runs', 'string', 'radio', 'eu', false,
                    '[{"name":"EU","description":"","value":"eu","icon":""}]')
        ), variables as (
            insert into template_version_variables (template_version_id, name, type, value, sensitive)
            values ($1, 'user', 'string', 'anna', false), ($1, 'password', 'string', 'secret', true)
        ), preset as (
            insert into template_version_presets (id, template_version_id, name, created_at, desired_instances, is_default)
            values ($2, $1, 'ready', now(), 2, true)
            returning id
        )
        insert into template_version_preset_parameters (template_version_preset_id, name, value) select id, 'region', 'eu' from preset
        """;

    private Task<Guid> UploadAsync(string manifest) =>
        Owner.UploadedAsync(FilesApi.TarOf(("coder-template.json", manifest)), FilesApi.Tar, Ct);

    private async Task<JsonObject> CreateAsync(object fields)
    {
        var body = System.Text.Json.JsonSerializer.SerializeToNode(fields)!.AsObject();
        var response = await PostAsync(Owner, body);
        response.StatusCode.Should().Be(HttpStatusCode.Created, await response.Content.ReadAsStringAsync(Ct));
        return await response.JsonAsync(Ct);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, JsonObject body)
    {
        body["storage_method"] ??= "file";
        body["provisioner"] ??= "terraform";
        return client.PostAsJsonAsync(TemplatesApi.NewVersions, body, Ct);
    }
}
