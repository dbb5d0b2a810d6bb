using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Testing;

namespace Coder.Api.Tests.Builds;

public sealed class CreateWorkspaceTests(BuildsServer fixture) : IClassFixture<BuildsServer>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestDatabase Database => fixture.Server.Database;

    [Fact]
    public async Task A_workspace_is_made_with_its_first_start()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var template = await fixture.TemplateAsync(Ct);
        await Database.AddParameterAsync(template.VersionId, "region", Ct, defaultValue: "eu");

        var workspace = await (await member.Client.CreateWorkspaceAsync(
            new
            {
                name = "Dev-1",
                template_id = template.Id,
                ttl_ms = 3_659_999,
                autostart_schedule = "CRON_TZ=UTC 30 9 * * 1-5",
                automatic_updates = "always",
                rich_parameter_values = new[] { new { name = "region", value = "us" } },
            },
            Ct)).CreatedAsync(Ct);

        workspace.Text("name").Should().Be("Dev-1");
        workspace.Id("owner_id").Should().Be(member.Id);
        workspace.Id("organization_id").Should().Be(fixture.Organization);
        workspace.Id("template_id").Should().Be(template.Id);
        workspace["ttl_ms"]!.GetValue<long>().Should().Be(3_600_000, "seconds are cut off");
        workspace.Text("autostart_schedule").Should().Be("CRON_TZ=UTC 30 9 * * 1-5");
        workspace.Text("automatic_updates").Should().Be("always");
        workspace.Text("next_start_at").Should().Be("2026-03-02T09:30:00Z");
        workspace.Text("last_used_at").Should().Be("2026-03-01T12:00:00Z");
        var build = workspace["latest_build"]!;
        build["build_number"]!.GetValue<int>().Should().Be(1);
        build.Text("transition").Should().Be("start");
        build.Text("status").Should().Be("pending");
        build.Text("reason").Should().Be("initiator");
        build.Id("template_version_id").Should().Be(template.VersionId);
        (await member.Client.ValuesAsync(build, Ct)).Should().Equal(new Dictionary<string, string> { ["region"] = "us" });
    }

    [Fact]
    public async Task Without_a_time_to_live_the_template_has_one()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var template = await fixture.TemplateAsync(Ct);
        await Database.ExecuteAsync("update templates set default_ttl = 7200000000000 where id = $1", Ct, template.Id);

        var absent = await CreatedAsync(member, new { name = "a", template_id = template.Id });
        var zero = await CreatedAsync(member, new { name = "b", template_id = template.Id, ttl_ms = 0 });

        absent["ttl_ms"]!.GetValue<long>().Should().Be(7_200_000);
        zero["ttl_ms"]!.GetValue<long>().Should().Be(7_200_000);
    }

    [Fact]
    public async Task An_administrator_makes_workspaces_for_others_in_an_organization()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        using var admin = await fixture.Server.AddUserAsync(new NewTestUser { OrganizationRoles = ["organization-admin"] }, Ct);
        var template = await fixture.TemplateAsync(Ct);

        var workspace = await (await admin.Client.PostAsJsonAsync(
            $"/api/v2/organizations/default/members/{member.Username}/workspaces", new { name = "theirs", template_id = template.Id }, Ct))
            .CreatedAsync(Ct);

        workspace.Id("owner_id").Should().Be(member.Id);
        workspace["latest_build"]!.Id("initiator_id").Should().Be(admin.Id);
    }

    [Fact]
    public async Task The_organization_of_the_path_must_be_that_of_the_template()
    {
        var other = await Database.AddOrganizationAsync("elsewhere", Ct);
        await Database.AddMemberAsync(other, fixture.Owner.Id, [], Ct);
        var template = await fixture.TemplateAsync(Ct);

        var foreign = await fixture.Owner.Client.PostAsJsonAsync(
            $"/api/v2/organizations/{other}/members/me/workspaces", new { name = "x", template_id = template.Id }, Ct);
        var unknown = await fixture.Owner.Client.PostAsJsonAsync(
            "/api/v2/organizations/nowhere/members/me/workspaces", new { name = "x", template_id = template.Id }, Ct);

        (await foreign.ProblemAsync(Ct)).Message.Should().Be($"Template \"{template.Id}\" doesn't exist.");
        unknown.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{"template_id":"7a8a7aa2-6f9b-4a46-9f2c-0f7f4cf6a2b1"}""", "name", "required")]
    [InlineData("""{"name":"not ok","template_id":"7a8a7aa2-6f9b-4a46-9f2c-0f7f4cf6a2b1"}""", "name", "workspace_name")]
    [InlineData("""{"name":"a23456789012345678901234567890123","template_id":"7a8a7aa2-6f9b-4a46-9f2c-0f7f4cf6a2b1"}""", "name", "workspace_name")]
    [InlineData("""{"name":"ok"}""", "template_id", "required_without")]
    [InlineData("""{"name":"ok","template_id":"00000000-0000-0000-0000-000000000000"}""", "template_id", "required_without")]
    [InlineData("""{"name":"ok","template_id":"7a8a7aa2-6f9b-4a46-9f2c-0f7f4cf6a2b1","template_version_id":"7a8a7aa2-6f9b-4a46-9f2c-0f7f4cf6a2b1"}""", "template_version_id", "excluded_with")]
    [InlineData("""{"name":"ok","template_id":"7a8a7aa2-6f9b-4a46-9f2c-0f7f4cf6a2b1","automatic_updates":"weekly"}""", "automatic_updates", "oneof")]
    public async Task Fields_have_rules(string body, string field, string tag)
    {
        using var member = await fixture.Server.AddUserAsync(Ct);

        var problem = await (await member.Client.PostRawAsync("/api/v2/users/me/workspaces", body, null, Ct)).ProblemAsync(Ct);

        problem.Message.Should().Be("Validation failed.");
        problem.Validations.Should().ContainSingle().Which.Should()
            .Match<(string Field, string Detail)>(v => v.Field == field && v.Detail.StartsWith($"Validation failed for tag \"{tag}\""));
    }

    [Fact]
    public async Task Templates_and_versions_that_may_not_be_read_are_not_there()
    {
        using var outsider = await fixture.Server.AddUserAsync(new NewTestUser { IsMember = false }, Ct);
        using var member = await fixture.Server.AddUserAsync(Ct);
        var template = await fixture.TemplateAsync(Ct);
        var unknown = TestIds.New();

        var hidden = await RefusedAsync(outsider, new { name = "x", template_id = template.Id });
        var hiddenVersion = await RefusedAsync(outsider, new { name = "x", template_version_id = template.VersionId });
        var missing = await RefusedAsync(member, new { name = "x", template_id = unknown });

        hidden.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = $"Template \"{template.Id}\" doesn't exist." });
        hidden.Validations.Should().ContainSingle().Which.Field.Should().Be("template_id");
        hiddenVersion.Should().BeEquivalentTo(
            new { Status = HttpStatusCode.BadRequest, Message = $"Template version \"{template.VersionId}\" doesn't exist." });
        missing.Message.Should().Be($"Template \"{unknown}\" doesn't exist.");
    }

    [Fact]
    public async Task The_checks_come_in_their_order()
    {
        // Everything is wrong at first, and put right one by one.
        using var member = await fixture.Server.AddUserAsync(Ct);
        var template = await fixture.TemplateAsync(Ct);
        await CreatedAsync(member, new { name = "Taken", template_id = template.Id });
        var version = await Database.AddVersionAsync(template, fixture.Owner.Id, Ct, "running");
        await Database.ExecuteAsync("update template_versions set archived = true where id = $1", Ct, version);
        await Database.ExecuteAsync(
            "update templates set deleted = true, deprecated = 'Use another one.', group_acl = jsonb_build_object($2::text, '[\"read\"]'::jsonb) where id = $1",
            Ct,
            template.Id,
            fixture.Organization.ToString());
        object Body(string schedule = "nonsense", long ttl = 1) =>
            new { name = "taken", template_version_id = version, autostart_schedule = schedule, ttl_ms = ttl };

        (await RefusedAsync(member, Body())).Message.Should().EndWith("is archived. New workspaces cannot be made of it.");
        await Database.ExecuteAsync("update template_versions set archived = false where id = $1", Ct, version);

        (await RefusedAsync(member, Body())).Status.Should().Be(HttpStatusCode.NotFound, "the template was deleted");
        await Database.ExecuteAsync("update templates set deleted = false where id = $1", Ct, template.Id);

        (await RefusedAsync(member, Body(), fixture.Owner.Username)).Should().BeEquivalentTo(
            new { Status = HttpStatusCode.BadRequest, Message = "\"user\" must be an existing uuid or username." }, "the path comes first");
        var name = await Database.ScalarAsync<string>("select name from templates where id = $1", Ct, template.Id);
        (await RefusedAsync(member, Body())).Should().BeEquivalentTo(
            new { Status = HttpStatusCode.Forbidden, Message = $"Unauthorized access to use the template \"{name}\"." });
        await Database.ExecuteAsync(
            "update templates set group_acl = jsonb_build_object($2::text, '[\"read\", \"use\"]'::jsonb) where id = $1",
            Ct,
            template.Id,
            fixture.Organization.ToString());

        (await RefusedAsync(member, Body())).Should().BeEquivalentTo(new
        {
            Status = HttpStatusCode.BadRequest,
            Message = $"Template \"{name}\" has been deprecated, and cannot be used to create a new workspace.",
            Detail = "Use another one.",
        });
        await Database.ExecuteAsync("update templates set deprecated = '' where id = $1", Ct, template.Id);

        (await RefusedAsync(member, Body())).Message.Should().Be("Invalid Autostart Schedule.");
        (await RefusedAsync(member, Body("0 9 * * *"))).Message.Should().Be("Invalid Workspace Time to Shutdown.");
        var taken = await RefusedAsync(member, Body("0 9 * * *", 60_000));
        taken.Should().BeEquivalentTo(new { Status = HttpStatusCode.Conflict, Message = "Workspace \"taken\" already exists." });
        taken.Validations.Should().Equal(("name", "This value is already in use and should be unique."));
        await Database.ExecuteAsync("update workspaces set deleted = true where owner_id = $1", Ct, member.Id);

        (await RefusedAsync(member, Body("0 9 * * *", 60_000))).Status.Should().Be(HttpStatusCode.NotAcceptable);
        await Database.SetImportAsync(version, "succeeded", Ct);
        await Database.AddParameterAsync(version, "needed", Ct);

        (await RefusedAsync(member, Body("0 9 * * *", 60_000))).Message.Should().Be("Unable to validate parameter \"needed\"");
        (await Database.ScalarAsync<long>("select count(*) from workspaces where owner_id = $1 and not deleted", Ct, member.Id)).Should().Be(0);
    }

    [Theory]
    [InlineData("0 9 * *", "validate weekly schedule: expected schedule to consist of 5 fields with an optional CRON_TZ=<timezone> prefix")]
    [InlineData("0 9 1 * *", "validate weekly schedule: expected day-of-month and month to be *")]
    [InlineData("CRON_TZ=Mars/Base 0 9 * * *", "parse schedule: provided bad location Mars/Base: unknown time zone Mars/Base")]
    [InlineData("CRON_TZ=Local 0 9 * * *", "parse schedule: provided bad location Local: unknown time zone Local")]
    public async Task A_schedule_that_can_not_be_read_is_explained(string schedule, string detail)
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var template = await fixture.TemplateAsync(Ct);

        var problem = await RefusedAsync(member, new { name = "x", template_id = template.Id, autostart_schedule = schedule });

        problem.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = "Invalid Autostart Schedule." });
        problem.Validations.Should().Equal(("schedule", detail));
    }

    [Theory]
    [InlineData(59_999, "time until shutdown must be at least one minute")]
    [InlineData(-1, "time until shutdown must be at least one minute")]
    [InlineData(2_592_060_000, "time until shutdown must be less than 30 days")]
    public async Task A_time_to_live_has_bounds(long ttl, string detail)
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var template = await fixture.TemplateAsync(Ct);

        var problem = await RefusedAsync(member, new { name = "x", template_id = template.Id, ttl_ms = ttl });

        problem.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = "Invalid Workspace Time to Shutdown." });
        problem.Validations.Should().Equal(("ttl_ms", detail));
    }

    [Theory]
    [InlineData("somebody else")]
    [InlineData("no member of the organization")]
    [InlineData("the owner of stock")]
    public async Task A_workspace_is_made_by_whoever_may_for_a_member(string whose)
    {
        using var reader = await fixture.Server.AddUserAsync(["user-admin"], Ct);
        using var member = await fixture.Server.AddUserAsync(Ct);
        using var outsider = await fixture.Server.AddUserAsync(new NewTestUser { IsMember = false }, Ct);
        var template = await fixture.TemplateAsync(Ct);
        var (caller, owner) = whose switch
        {
            "somebody else" => (reader, member.Username),
            "no member of the organization" => (fixture.Owner, outsider.Username),
            _ => (fixture.Owner, "prebuilds"),
        };

        var problem = await RefusedAsync(caller, new { name = "x", template_id = template.Id }, owner);

        problem.Should().BeEquivalentTo(new { Status = HttpStatusCode.Forbidden, Message = "Unauthorized to create workspace." });
    }

    [Fact]
    public async Task Of_many_workspaces_of_one_name_at_once_one_is_made()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var template = await fixture.TemplateAsync(Ct);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            i => member.Client.CreateWorkspaceAsync(new { name = i % 2 == 0 ? "same" : "SAME", template_id = template.Id }, Ct)));

        answers.Select(answer => answer.StatusCode).Order().Should()
            .Equal([HttpStatusCode.Created, .. Enumerable.Repeat(HttpStatusCode.Conflict, 7)]);
        (await Database.ScalarAsync<long>(
            "select count(*) from provisioner_jobs where initiator_id = $1 and type = 'workspace_build'", Ct, member.Id)).Should().Be(1);
    }

    [Fact]
    public async Task The_preset_is_the_named_one_or_one_that_the_values_match()
    {
        using var member = await fixture.Server.AddUserAsync(Ct);
        var template = await fixture.TemplateAsync(Ct);
        await Database.AddParameterAsync(template.VersionId, "region", Ct, defaultValue: "eu");
        var europe = await Database.AddPresetAsync(template.VersionId, "europe", new Dictionary<string, string> { ["region"] = "eu" }, Ct);
        var states = await Database.AddPresetAsync(template.VersionId, "states", new Dictionary<string, string> { ["region"] = "us" }, Ct);

        var named = await CreatedAsync(member, new { name = "named", template_id = template.Id, template_version_preset_id = states });
        var matched = await CreatedAsync(
            member,
            new { name = "matched", template_id = template.Id, rich_parameter_values = new[] { new { name = "region", value = "us" } } });
        var byDefault = await CreatedAsync(member, new { name = "default", template_id = template.Id });

        named["latest_build"]!.Id("template_version_preset_id").Should().Be(states);
        (await member.Client.ValuesAsync(named["latest_build"]!, Ct))["region"].Should().Be("us");
        matched["latest_build"]!.Id("template_version_preset_id").Should().Be(states);
        byDefault["latest_build"]!.Id("template_version_preset_id").Should().Be(europe);
    }

    private static async Task<JsonObject> CreatedAsync(TestUser user, object body) =>
        await (await user.Client.CreateWorkspaceAsync(body, Ct)).CreatedAsync(Ct);

    private static async Task<Problem> RefusedAsync(TestUser user, object body, string owner = "me") =>
        await (await user.Client.CreateWorkspaceAsync(body, Ct, owner)).ProblemAsync(Ct);
}
