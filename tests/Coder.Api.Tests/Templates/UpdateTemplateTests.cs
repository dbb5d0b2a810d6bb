using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Testing;

namespace Coder.Api.Tests.Templates;

public sealed class UpdateTemplateTests(TemplatesServer templates) : IClassFixture<TemplatesServer>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => templates.Server;

    private HttpClient Owner => templates.Owner;

    [Fact]
    public async Task Nothing_changed_is_304()
    {
        var template = await Owner.TemplateAsync(await Server.NewTemplateAsync(Owner, "same", Ct), Ct);

        var response = await Owner.PatchTemplateAsync(template.Id(), template.Unchanged(), Ct);

        response.StatusCode.Should().Be(HttpStatusCode.NotModified);
        (await response.Content.ReadAsByteArrayAsync(Ct)).Should().BeEmpty();
    }

    [Fact]
    public async Task What_is_left_out_is_false_or_0_or_stays()
    {
        var body = new
        {
            name = "sparse",
            template_version_id = await Server.AddVersionAsync(Ct),
            display_name = "Kept",
            default_ttl_ms = 60_000,
            allow_user_cancel_workspace_jobs = true,
            autostop_requirement = new { days_of_week = new[] { "sunday" }, weeks = 2 },
        };
        var id = (await Owner.CreatedAsync(TemplatesApi.OfDefault, body, Ct)).Id();

        var changed = await (await Owner.PatchTemplateAsync(id, new { description = "New" }, Ct)).JsonAsync(Ct);

        changed["display_name"]!.GetValue<string>().Should().Be("Kept");
        changed["description"]!.GetValue<string>().Should().Be("New");
        changed["default_ttl_ms"]!.GetValue<long>().Should().Be(0);
        changed["activity_bump_ms"]!.GetValue<long>().Should().Be(0);
        changed["autostop_requirement"]!.ToJsonString().Should().Be("""{"days_of_week":["sunday"],"weeks":2}""");
        string[] switches = ["allow_user_cancel_workspace_jobs", "allow_user_autostart", "allow_user_autostop", "require_active_version"];
        foreach (var field in switches)
        {
            changed[field]!.GetValue<bool>().Should().BeFalse(field);
        }

        (await Owner.TemplateAsync(id, Ct)).ToJsonString().Should().Be(changed.ToJsonString());
    }

    [Theory]
    [InlineData("failure_ttl_ms", 59_999, "Value must be at least one minute.")]
    [InlineData("time_til_dormant_ms", 1, "Value must be at least one minute.")]
    [InlineData("time_til_dormant_autodelete_ms", 59_999, "Value must be at least one minute.")]
    [InlineData("default_ttl_ms", -1, "Must be a positive integer.")]
    public async Task A_duration_has_its_limits(string field, long value, string detail)
    {
        var id = await Server.NewTemplateAsync(Owner, $"limit-{TestIds.New():N}"[..20], Ct);

        var problem = await (await Owner.PatchTemplateAsync(id, new JsonObject { [field] = value }, Ct)).ProblemAsync(Ct);

        problem.Status.Should().Be(HttpStatusCode.BadRequest);
        problem.Validations.Should().Equal((field, detail));
    }

    [Fact]
    public async Task Deprecation_has_a_message_and_can_be_taken_back()
    {
        var template = await Owner.TemplateAsync(await Server.NewTemplateAsync(Owner, "aged", Ct), Ct);
        var change = template.Unchanged();
        change["deprecation_message"] = "Use another one.";

        var deprecated = await (await Owner.PatchTemplateAsync(template.Id(), change, Ct)).JsonAsync(Ct);
        change["deprecation_message"] = "";
        var back = await (await Owner.PatchTemplateAsync(template.Id(), change, Ct)).JsonAsync(Ct);

        deprecated["deprecated"]!.GetValue<bool>().Should().BeTrue();
        deprecated["deprecation_message"]!.GetValue<string>().Should().Be("Use another one.");
        back["deprecated"]!.GetValue<bool>().Should().BeFalse();
    }

    [Fact]
    public async Task The_access_of_everybody_can_be_taken_away()
    {
        using var member = await Server.AddUserAsync(Ct);
        var template = await Owner.TemplateAsync(await Server.NewTemplateAsync(Owner, "closing", Ct), Ct);
        var change = template.Unchanged();
        change["disable_everyone_group_access"] = true;

        (await Owner.PatchTemplateAsync(template.Id(), change, Ct)).StatusCode.Should().Be(HttpStatusCode.OK);
        var again = await Owner.PatchTemplateAsync(template.Id(), change, Ct);

        again.StatusCode.Should().Be(HttpStatusCode.NotModified);
        (await member.Client.GetAsync($"{TemplatesApi.Templates}/{template.Id()}", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_name_of_another_template_is_refused()
    {
        await Server.NewTemplateAsync(Owner, "other", Ct);
        var id = await Server.NewTemplateAsync(Owner, "renamed", Ct);

        var problem = await (await Owner.PatchTemplateAsync(id, new { name = "Other" }, Ct)).ProblemAsync(Ct);

        problem.Should().BeEquivalentTo(new { Status = HttpStatusCode.Conflict, Message = "Template with name \"Other\" already exists." });
    }

    [Fact]
    public async Task A_change_is_recorded_with_what_changed_and_no_change_is_not()
    {
        var template = await Owner.TemplateAsync(await Server.NewTemplateAsync(Owner, "audited", Ct), Ct);
        var change = template.Unchanged();
        await Owner.PatchTemplateAsync(template.Id(), change, Ct);
        change["display_name"] = "New";

        await Owner.PatchTemplateAsync(template.Id(), change, Ct);

        var row = (await Server.Database.AuditRowsAsync("template", Ct))
            .Should().ContainSingle(r => r.ResourceId == template.Id() && r.Action == "write").Subject;
        row.Diff.ToJsonString().Should().Be("""{"display_name":{"new":"New","old":"","secret":false}}""");
    }

    [Fact]
    public async Task A_version_that_was_imported_well_can_be_promoted()
    {
        var id = await Server.NewTemplateAsync(Owner, "promoted", Ct);
        var good = await Server.AddVersionAsync(Ct, template: id);
        var bad = await Server.AddVersionAsync(Ct, "failed", id);
        var foreign = await Server.AddVersionAsync(Ct);

        var done = await PromoteAsync(good);
        var failed = await (await PromoteAsync(bad)).ProblemAsync(Ct);

        (await done.JsonAsync(Ct))["message"]!.GetValue<string>().Should().Be("Updated the active template version!");
        (await Owner.TemplateAsync(id, Ct))["active_version_id"]!.GetValue<Guid>().Should().Be(good);
        failed.Should().BeEquivalentTo(new
        {
            Status = HttpStatusCode.Forbidden,
            Message = "Only versions that have been built successfully can be promoted.",
        });
        (await PromoteAsync(foreign)).StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await PromoteAsync(TestIds.New())).StatusCode.Should().Be(HttpStatusCode.NotFound);

        Task<HttpResponseMessage> PromoteAsync(Guid version) =>
            Owner.PatchAsJsonAsync($"{TemplatesApi.Templates}/{id}/versions", new { id = version }, Ct);
    }

    [Fact]
    public async Task A_template_with_workspaces_is_not_deleted()
    {
        using var user = await Server.AddUserAsync(Ct);
        var id = await Server.NewTemplateAsync(Owner, "busy", Ct);
        var workspace = await Server.Database.AddWorkspaceAsync(id, user.Id, Ct);

        var problem = await (await Owner.DeleteAsync($"{TemplatesApi.Templates}/{id}", Ct)).ProblemAsync(Ct);
        await Server.Database.ExecuteAsync("update workspaces set deleted = true where id = $1", Ct, workspace);
        var deleted = await Owner.DeleteAsync($"{TemplatesApi.Templates}/{id}", Ct);

        problem.Should().BeEquivalentTo(new
        {
            Status = HttpStatusCode.BadRequest,
            Message = "All workspaces must be deleted before a template can be removed.",
        });
        deleted.StatusCode.Should().Be(HttpStatusCode.OK);
        (await Owner.GetAsync($"{TemplatesApi.Templates}/{id}", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await Server.Database.AuditRowsAsync("template", Ct)).Where(r => r.ResourceId == id && r.Action == "delete")
            .Select(r => r.StatusCode).Should().Equal(400, 200);
    }

    [Fact]
    public async Task A_template_with_prebuilt_workspaces_only_makes_way_for_its_deletion()
    {
        var id = await Server.NewTemplateAsync(Owner, "stocked", Ct);
        await Server.Database.AddWorkspaceAsync(id, PrebuildsUser, Ct);

        var problem = await (await Owner.DeleteAsync($"{TemplatesApi.Templates}/{id}", Ct)).ProblemAsync(Ct);

        problem.Status.Should().Be(HttpStatusCode.BadRequest);
        problem.Detail.Should().Be("1 prebuilt workspace is being removed; try again after that.");
        (await Owner.TemplateAsync(id, Ct))["deprecated"]!.GetValue<bool>().Should().BeTrue();
        var rows = (await Server.Database.AuditRowsAsync("template", Ct)).Where(r => r.ResourceId == id).ToList();
        rows.TakeLast(2).Select(r => (r.Action, r.StatusCode)).Should().Equal(("write", 200), ("delete", 400));
        rows[^2].Diff.ToJsonString().Should().Be("""{"deprecated":{"new":"This template is being deleted.","old":"","secret":false}}""");

        await Owner.DeleteAsync($"{TemplatesApi.Templates}/{id}", Ct);
        (await Server.Database.AuditRowsAsync("template", Ct)).Where(r => r.ResourceId == id).Skip(rows.Count)
            .Select(r => r.Action).Should().Equal(["delete"], "it is deprecated already");
    }

    private static readonly Guid PrebuildsUser = new("c42fdf75-3097-471c-8c33-fb52454d81c0");
}
