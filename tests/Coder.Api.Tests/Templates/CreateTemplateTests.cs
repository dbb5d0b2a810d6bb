using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Testing;

namespace Coder.Api.Tests.Templates;

public sealed class CreateTemplateTests(TemplatesServer templates) : IClassFixture<TemplatesServer>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => templates.Server;

    private HttpClient Owner => templates.Owner;

    [Fact]
    public async Task A_template_of_a_name_and_a_version_has_the_defaults()
    {
        var version = await Server.AddVersionAsync(Ct, "pending");

        var template = await Owner.CreateTemplateAsync("plain", version, Ct);

        var expected = """
            {
              "name": "plain", "display_name": "", "description": "", "icon": "", "provisioner": "terraform", "deprecated": false,
              "deprecation_message": "", "default_ttl_ms": 0, "activity_bump_ms": 3600000,
              "autostop_requirement": { "days_of_week": [], "weeks": 1 },
              "autostart_requirement": {
                "days_of_week": ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
              },
              "allow_user_autostart": true, "allow_user_autostop": true, "allow_user_cancel_workspace_jobs": false, "failure_ttl_ms": 0,
              "time_til_dormant_ms": 0, "time_til_dormant_autodelete_ms": 0, "require_active_version": false,
              "max_port_share_level": "owner", "use_classic_parameter_flow": true, "cors_behavior": "simple", "active_user_count": 0,
              "created_by_name": "owner",
              "build_time_stats": {
                "start": { "P50": null, "P95": null }, "stop": { "P50": null, "P95": null }, "delete": { "P50": null, "P95": null }
              }
            }
            """;
        foreach (var (field, value) in JsonNode.Parse(expected)!.AsObject())
        {
            JsonNode.DeepEquals(template[field], value).Should().BeTrue($"{field} is {template[field]}");
        }

        template["active_version_id"]!.GetValue<Guid>().Should().Be(version);
        template["organization_id"]!.GetValue<Guid>().Should().Be(await Server.Database.DefaultOrganizationAsync(Ct));
    }

    [Fact]
    public async Task Everything_that_is_said_is_kept()
    {
        var body = new
        {
            name = "full",
            template_version_id = await Server.AddVersionAsync(Ct),
            display_name = "Full",
            description = new string('d', 127),
            icon = "/icon",
            default_ttl_ms = 1,
            activity_bump_ms = 2,
            autostop_requirement = new { days_of_week = new[] { "sunday", "monday" }, weeks = 16 },
            autostart_requirement = new { days_of_week = new[] { "friday" } },
            allow_user_cancel_workspace_jobs = true,
            allow_user_autostart = false,
            allow_user_autostop = false,
            failure_ttl_ms = 3,
            dormant_ttl_ms = 4,
            delete_ttl_ms = 5,
            require_active_version = true,
            max_port_share_level = "organization",
            cors_behavior = "passthru",
            template_use_classic_parameter_flow = false,
        };

        var template = await Owner.CreatedAsync(TemplatesApi.OfDefault, body, Ct);

        (await Owner.TemplateAsync(template.Id(), Ct)).ToJsonString().Should().Be(template.ToJsonString());
        template["display_name"]!.GetValue<string>().Should().Be("Full");
        template["autostop_requirement"]!.ToJsonString().Should().Be("""{"days_of_week":["monday","sunday"],"weeks":16}""");
        template["autostart_requirement"]!.ToJsonString().Should().Be("""{"days_of_week":["friday"]}""");
        new[] { "default_ttl_ms", "activity_bump_ms", "failure_ttl_ms", "time_til_dormant_ms", "time_til_dormant_autodelete_ms" }
            .Select(field => template[field]!.GetValue<long>()).Should().Equal(1, 2, 3, 4, 5);
        new[]
            {
                "allow_user_autostart", "allow_user_autostop", "allow_user_cancel_workspace_jobs", "require_active_version",
                "use_classic_parameter_flow",
            }
            .Select(field => template[field]!.GetValue<bool>()).Should().Equal(false, false, true, true, false);
        template["max_port_share_level"]!.GetValue<string>().Should().Be("organization");
        template["cors_behavior"]!.GetValue<string>().Should().Be("passthru");
    }

    [Fact]
    public async Task Everybody_in_the_organization_may_use_it_unless_that_is_switched_off()
    {
        using var member = await Server.AddUserAsync(Ct);
        var open = await Server.NewTemplateAsync(Owner, "open", Ct);
        var closed = (await Owner.CreatedAsync(
            TemplatesApi.OfDefault,
            new { name = "closed", template_version_id = await Server.AddVersionAsync(Ct), disable_everyone_group_access = true },
            Ct)).Id();

        (await member.Client.GetAsync($"{TemplatesApi.Templates}/{open}", Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await member.Client.GetAsync($"{TemplatesApi.Templates}/{closed}", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await member.Client.GetAsync($"{TemplatesApi.OfDefault}/closed", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await member.Client.GetAsync($"{TemplatesApi.OfDefault}/OPEN", Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await member.Client.DeleteAsync($"{TemplatesApi.Templates}/{open}", Ct)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await member.Client.PatchTemplateAsync(open, new { }, Ct)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_name_is_taken_without_regard_to_case_and_free_after_a_deletion()
    {
        var first = await Server.NewTemplateAsync(Owner, "taken", Ct);
        var body = new { name = "TAKEN", template_version_id = await Server.AddVersionAsync(Ct) };

        var problem = await (await Owner.PostAsJsonAsync(TemplatesApi.OfDefault, body, Ct)).ProblemAsync(Ct);
        (await Owner.DeleteAsync($"{TemplatesApi.Templates}/{first}", Ct)).StatusCode.Should().Be(HttpStatusCode.OK);

        problem.Should().BeEquivalentTo(new
        {
            Status = HttpStatusCode.Conflict,
            Message = "Template with name \"TAKEN\" already exists.",
            Validations = new[] { ("name", "This value is already in use and should be unique.") },
        });
        await Owner.CreatedAsync(TemplatesApi.OfDefault, body, Ct);
    }

    [Fact]
    public async Task A_version_must_exist_and_be_free()
    {
        var used = await Server.AddVersionAsync(Ct);
        await Owner.CreateTemplateAsync("user", used, Ct);
        var archived = await Server.AddVersionAsync(Ct);
        await Server.Database.ExecuteAsync("update template_versions set archived = true where id = $1", Ct, archived);

        (await StatusAsync(used)).Should().Be(HttpStatusCode.BadRequest);
        (await StatusAsync(archived)).Should().Be(HttpStatusCode.BadRequest);
        (await StatusAsync(TestIds.New())).Should().Be(HttpStatusCode.NotFound);

        async Task<HttpStatusCode> StatusAsync(Guid version) => (await Owner.PostAsJsonAsync(
            TemplatesApi.OfDefault, new { name = "other", template_version_id = version }, Ct)).StatusCode;
    }

    [Theory]
    [InlineData("""{"name":"new"}""", "name", "Validation failed for tag \"template_name\" with value: \"new\"")]
    [InlineData("""{"name":""}""", "name", "Validation failed for tag \"required\" with value: \"\"")]
    [InlineData("""{"display_name":" x"}""", "display_name", "Validation failed for tag \"template_display_name\" with value: \" x\"")]
    [InlineData("""{"max_port_share_level":"all"}""", "max_port_share_level", "Validation failed for tag \"oneof\" with value: \"all\"")]
    [InlineData("""{"failure_ttl_ms":-1}""", "failure_ttl_ms", "Must be a positive integer.")]
    [InlineData("""{"dormant_ttl_ms":-1}""", "dormant_ttl_ms", "Must be a positive integer.")]
    [InlineData("""{"autostop_requirement":{"weeks":17}}""", "autostop_requirement.weeks", "Must be at most 16 weeks.")]
    public async Task A_field_that_breaks_its_rule_is_named(string fields, string field, string detail)
    {
        var body = JsonNode.Parse(fields)!.AsObject();
        body["name"] ??= "valid";
        body["template_version_id"] = TestIds.New();

        var problem = await (await Owner.PostAsJsonAsync(TemplatesApi.OfDefault, body, Ct)).ProblemAsync(Ct);

        problem.Status.Should().Be(HttpStatusCode.BadRequest);
        problem.Validations.Should().Equal((field, detail));
    }

    [Fact]
    public async Task A_description_has_at_most_127_characters()
    {
        var body = new { name = "long", template_version_id = TestIds.New(), description = new string('d', 128) };

        (await Owner.PostAsJsonAsync(TemplatesApi.OfDefault, body, Ct)).StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_member_may_not_make_templates()
    {
        using var member = await Server.AddUserAsync(Ct);
        using var admin = await Server.AddUserAsync(new NewTestUser { OrganizationRoles = ["organization-template-admin"] }, Ct);
        var version = await Server.AddVersionAsync(Ct);

        var refused = await member.Client.PostAsJsonAsync(TemplatesApi.OfDefault, new { name = "mine", template_version_id = version }, Ct);

        refused.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await admin.Client.CreateTemplateAsync("mine", version, Ct))["created_by_name"]!.GetValue<string>().Should().Be(admin.Username);
    }

    [Fact]
    public async Task A_template_keeps_its_organization_from_being_deleted()
    {
        var name = $"org-{TestIds.New():N}"[..20];
        var organization = (await Owner.CreatedAsync("/api/v2/organizations", new { name }, Ct)).Id();
        var user = await Server.Database.ScalarAsync<Guid>("select id from users where username = 'owner'", Ct);
        var file = await Server.Database.AddFileAsync(user, organization.ToByteArray(), Ct);
        await Server.Database.AddTemplateAsync(organization, user, file, "{}", "{}", Ct);

        var problem = await (await Owner.DeleteAsync($"/api/v2/organizations/{organization}", Ct)).ProblemAsync(Ct);

        problem.Status.Should().Be(HttpStatusCode.Conflict);
        problem.Detail.Should().Be("This organization has 1 template that must be deleted first.");
    }

    [Fact]
    public async Task A_new_template_is_recorded()
    {
        var id = await Server.NewTemplateAsync(Owner, "recorded", Ct);

        var row = (await Server.Database.AuditRowsAsync("template", Ct)).Should().ContainSingle(r => r.ResourceId == id).Subject;
        row.Should().BeEquivalentTo(new { Action = "create", StatusCode = 201, Target = "recorded" });
        row.Diff["name"]!["new"]!.GetValue<string>().Should().Be("recorded");
    }
}
