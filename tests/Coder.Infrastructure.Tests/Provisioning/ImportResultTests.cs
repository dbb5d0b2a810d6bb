using System.Text.Json.Nodes;
using Coder.Application.Provisioning;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using Coder.Domain.Templates;
using Coder.Testing;

namespace Coder.Infrastructure.Tests.Provisioning;

/// <summary>What an import leaves in each table (docs/spec/workspaces.md, sections 2 and 4).</summary>
public sealed class ImportResultTests(ProvisionedTables tables) : IClassFixture<ProvisionedTables>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private const string Manifest = """
        { "version": 1,
          "variables": [
            { "name": "image", "description": "What to run", "default_value": "ubuntu" },
            { "name": "secret", "type": "string", "required": true, "sensitive": true } ],
          "parameters": [
            { "name": "region", "display_name": "Region", "description": "Where", "default_value": "eu", "mutable": false, "icon": "/r.svg",
              "options": [ { "name": "EU", "description": "Europe", "value": "eu", "icon": "/eu.svg" }, { "name": "US", "value": "us" } ] },
            { "name": "cpus", "type": "number", "validation_min": 1, "validation_max": 8, "validation_monotonic": "increasing",
              "validation_error": "{min} to {max}" },
            { "name": "note", "default_value": "", "ephemeral": true, "validation_regex": "^[a-z]*$" } ],
          "presets": [
            { "name": "ready", "description": "Soon", "icon": "/p.svg", "default": true, "parameters": { "region": "eu", "cpus": "2" },
              "prebuilds": { "instances": 2, "expiration_policy": { "ttl": 3600 },
                "scheduling": { "timezone": "Europe/Berlin", "schedule": [ { "cron": "* 9-17 * * 1-5", "instances": 5 } ] } } },
            { "name": "plain" } ],
          "resources": [
            { "type": "coder_external_agent", "name": "laptop" },
            { "type": "volume", "name": "home", "present": "always", "metadata": [ { "key": "size", "value": "${parameter.cpus} GiB" } ] },
            { "type": "container", "name": "dev", "agents": [
              { "name": "main", "operating_system": "linux", "architecture": "amd64", "simulate_ready": true,
                "apps": [ { "slug": "chat", "command": "chat" } ] } ] } ],
          "ai_task": { "sidebar_app": "main/chat" } }
        """;

    [Fact]
    public async Task The_version_gets_its_readme_and_what_its_workspaces_will_have()
    {
        var version = await tables.ImportAsync(Manifest, Ct, new() { ["secret"] = "hunter2" });

        (await tables.RowsAsync(
            "select readme, has_ai_task, has_external_agent from template_versions where id = $1", Ct, version.Id))
            .Should().Be("""{"readme":"# Hello","has_ai_task":true,"has_external_agent":true}""");
    }

    [Fact]
    public async Task Parameters_are_stored_in_the_order_of_the_form()
    {
        var version = await tables.ImportAsync(Manifest, Ct, new() { ["secret"] = "hunter2" });

        var text = await tables.RowsAsync(
            "select * from template_version_parameters where template_version_id = $1 order by display_order", Ct, version.Id);

        var rows = text.Split('\n').Select(line => JsonNode.Parse(line)).ToList();

        rows.Select(row => row!["name"]!.GetValue<string>()).Should().Equal("region", "cpus", "note");
        Equal(rows[0], version.Id, """
            { "name": "region", "display_name": "Region", "description": "Where", "type": "string", "form_type": "radio", "mutable": false,
              "default_value": "eu", "icon": "/r.svg",
              "options": [ { "name": "EU", "description": "Europe", "value": "eu", "icon": "/eu.svg" },
                           { "name": "US", "description": "", "value": "us", "icon": "" } ],
              "validation_regex": "", "validation_error": "", "validation_min": null, "validation_max": null, "validation_monotonic": "",
              "required": false, "ephemeral": false, "display_order": 0 }
            """);
        Equal(rows[1], version.Id, """
            { "name": "cpus", "display_name": "", "description": "", "type": "number", "form_type": "input", "mutable": true,
              "default_value": "", "icon": "", "options": [], "validation_regex": "", "validation_error": "{min} to {max}",
              "validation_min": 1, "validation_max": 8, "validation_monotonic": "increasing", "required": true, "ephemeral": false,
              "display_order": 1 }
            """);
        Equal(rows[2], version.Id, """
            { "name": "note", "display_name": "", "description": "", "type": "string", "form_type": "input", "mutable": true,
              "default_value": "", "icon": "", "options": [], "validation_regex": "^[a-z]*$", "validation_error": "",
              "validation_min": null, "validation_max": null, "validation_monotonic": "", "required": false, "ephemeral": true,
              "display_order": 2 }
            """);
    }

    [Fact]
    public async Task Variables_are_stored_with_the_given_value_or_the_default()
    {
        var version = await tables.ImportAsync(Manifest, Ct, new() { ["secret"] = "hunter2", ["unknown"] = "x" });

        (await tables.RowsAsync(
            """
            select name, description, type, value, default_value, required, sensitive
            from template_version_variables where template_version_id = $1 order by name
            """,
            Ct,
            version.Id)).Should().Be(
            """
            {"name":"image","description":"What to run","type":"string","value":"ubuntu","default_value":"ubuntu","required":false,"sensitive":false}
            {"name":"secret","description":"","type":"string","value":"hunter2","default_value":"","required":true,"sensitive":true}
            """);
    }

    [Fact]
    public async Task Presets_are_stored_with_parameters_and_schedules()
    {
        var version = await tables.ImportAsync(Manifest, Ct, new() { ["secret"] = "hunter2" });

        (await tables.RowsAsync(
            """
            select name, desired_instances, invalidate_after_secs, prebuild_status, scheduling_timezone, is_default, description, icon,
                   (select json_object_agg(p.name, p.value order by p.name) from template_version_preset_parameters p
                    where p.template_version_preset_id = s.id) as parameters,
                   (select json_object_agg(c.cron_expression, c.desired_instances) from template_version_preset_prebuild_schedules c
                    where c.preset_id = s.id) as schedules
            from template_version_presets s where template_version_id = $1 order by name
            """,
            Ct,
            version.Id)).Should().Be(
            """
            {"name":"plain","desired_instances":null,"invalidate_after_secs":null,"prebuild_status":"healthy","scheduling_timezone":"","is_default":false,"description":"","icon":"","parameters":null,"schedules":null}
            {"name":"ready","desired_instances":2,"invalidate_after_secs":3600,"prebuild_status":"healthy","scheduling_timezone":"Europe/Berlin","is_default":true,"description":"Soon","icon":"/p.svg","parameters":{ "cpus" : "2", "region" : "eu" },"schedules":{ "* 9-17 * * 1-5" : 5 }}
            """);
    }

    [Fact]
    public async Task Resources_are_foreseen_for_starts_and_stops_and_no_agent_of_them_is_connected()
    {
        var version = await tables.ImportAsync(Manifest, Ct, new() { ["secret"] = "hunter2" });

        (await tables.RowsAsync(
            """
            select r.transition, r.name, m.value, a.name as agent, a.lifecycle_state, a.simulated, a.first_connected_at, p.slug
            from workspace_resources r
            left join workspace_resource_metadata m on m.workspace_resource_id = r.id
            left join workspace_agents a on a.resource_id = r.id
            left join workspace_apps p on p.agent_id = a.id
            where r.job_id = $1
            order by r.transition, r.name
            """,
            Ct,
            version.Job)).Should().Be(
            """
            {"transition":"start","name":"dev","value":null,"agent":"main","lifecycle_state":"created","simulated":false,"first_connected_at":null,"slug":"chat"}
            {"transition":"start","name":"home","value":"${parameter.cpus} GiB","agent":null,"lifecycle_state":null,"simulated":null,"first_connected_at":null,"slug":null}
            {"transition":"start","name":"laptop","value":null,"agent":null,"lifecycle_state":null,"simulated":null,"first_connected_at":null,"slug":null}
            {"transition":"stop","name":"home","value":"${parameter.cpus} GiB","agent":null,"lifecycle_state":null,"simulated":null,"first_connected_at":null,"slug":null}
            """);
    }

    [Fact]
    public async Task A_template_that_asks_for_nothing_is_fine()
    {
        var version = await tables.ImportAsync("""{ "version": 1 }""", Ct);

        (await tables.RowsAsync("select has_ai_task, has_external_agent from template_versions where id = $1", Ct, version.Id))
            .Should().Be("""{"has_ai_task":false,"has_external_agent":false}""");
        (await CountAsync("workspace_resources where job_id = $1", version.Job)).Should().Be(0);
    }

    [Theory]
    [InlineData("""{ "version": 2 }""", "Template manifest is invalid: $.version: must be 1")]
    [InlineData("""{ "version": 1, "provision": { "fail": { "import": "not today" } } }""", "not today")]
    public async Task A_manifest_that_does_not_import_leaves_nothing(string manifest, string error)
    {
        var version = await tables.AddVersionAsync(manifest, Ct);

        var completed = await tables.CompleteImportAsync(version, new ImportResult { FromManifest = true }, Ct);

        completed.Error.Should().Be(new Error(ErrorKind.Invalid, error));
        (await tables.RowsAsync("select readme, has_ai_task from template_versions where id = $1", Ct, version.Id))
            .Should().Be("""{"readme":"old","has_ai_task":null}""");
    }

    [Fact]
    public async Task Variables_of_an_import_that_lacks_values_are_stored_so_that_somebody_can_be_asked()
    {
        var version = await tables.AddVersionAsync(Manifest, Ct, new() { ["image"] = "debian" });

        var completed = await tables.CompleteImportAsync(version, new ImportResult { FromManifest = true }, Ct);
        await tables.FailAsync(version.Job, completed.Error!.Message, JobErrorCode.RequiredTemplateVariables, null, Ct);

        (await tables.RowsAsync(
            "select name, value, required from template_version_variables where template_version_id = $1 order by name", Ct, version.Id))
            .Should().Be("""
                {"name":"image","value":"debian","required":false}
                {"name":"secret","value":"","required":true}
                """);
        (await CountAsync("template_version_parameters where template_version_id = $1", version.Id)).Should().Be(0);
    }

    [Fact]
    public async Task An_import_that_fails_for_another_reason_leaves_nothing()
    {
        var version = await tables.AddVersionAsync(Manifest, Ct);

        await tables.FailAsync(version.Job, "no network", null, null, Ct);

        (await CountAsync("template_version_variables where template_version_id = $1", version.Id)).Should().Be(0);
    }

    [Fact]
    public async Task What_a_daemon_found_itself_is_stored_and_keeps_the_readme_that_it_does_not_name()
    {
        var version = await tables.AddVersionAsync("""{ "version": 1 }""", Ct);
        var result = new ImportResult
        {
            Parameters = [new TemplateParameter { Name = "region", DefaultValue = "eu" }],
            Variables = [new TemplateVariable { Name = "image", DefaultValue = "ubuntu" }],
            StartResources = [new ManifestResource { Type = "aws_instance", Name = "dev" }],
        };

        var completed = await tables.CompleteImportAsync(version, result, Ct);

        completed.Error.Should().BeNull();
        (await tables.RowsAsync("select readme, has_ai_task from template_versions where id = $1", Ct, version.Id))
            .Should().Be("""{"readme":"old","has_ai_task":false}""");
        (await CountAsync("template_version_parameters where template_version_id = $1", version.Id)).Should().Be(1);
        (await CountAsync("workspace_resources where job_id = $1 and type = 'aws_instance'", version.Job)).Should().Be(1);
    }

    [Fact]
    public async Task An_ai_task_needs_an_app_among_the_resources_of_a_start()
    {
        var version = await tables.AddVersionAsync("""{ "version": 1 }""", Ct);

        var completed = await tables.CompleteImportAsync(version, new ImportResult { AiTask = new AppReference("main", "chat") }, Ct);

        completed.Error!.Validations.Should().Equal(
            new FieldError("ai_task", "There is no app \"main/chat\" among the resources."));
    }

    [Fact]
    public async Task The_result_of_a_build_is_not_one_of_an_import()
    {
        var version = await tables.ImportAsync("""{ "version": 1 }""", Ct);

        var completed = await tables.CompleteBuildAsync(new TestBuild(TestIds.New(), version.Job), new BuildResult(), Ct);

        completed.Error!.Message.Should().Be("The result is not one of a job of this type.");
    }

    private Task<long> CountAsync(string from, Guid id) => tables.Database.ScalarAsync<long>($"select count(*) from {from}", Ct, id);

    private static void Equal(JsonNode? row, Guid version, string expected)
    {
        var wanted = JsonNode.Parse(expected)!.AsObject();
        wanted["template_version_id"] = version.ToString();
        JsonNode.DeepEquals(row, wanted).Should().BeTrue($"the row is {row}");
    }
}
