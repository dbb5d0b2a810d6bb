using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Testing;

namespace Coder.Api.Tests.Templates;

public sealed class ListTemplatesTests(TemplatesServer templates) : IClassFixture<TemplatesServer>, IAsyncLifetime
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => templates.Server;

    private HttpClient Owner => templates.Owner;

    public async ValueTask InitializeAsync()
    {
        if ((await Owner.TemplateNamesAsync("", Ct)).Length == 0)
        {
            foreach (var name in new[] { "Beta-two", "alpha-one", "gamma-one" })
            {
                await Server.NewTemplateAsync(Owner, name, Ct);
            }

            await Server.Database.ExecuteAsync("update templates set deprecated = 'old' where name = 'gamma-one'", Ct);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("", "alpha-one,Beta-two,gamma-one")]
    [InlineData("?q=one", "alpha-one,gamma-one")]
    [InlineData("?q=one%20alp", "alpha-one")]
    [InlineData("?q=exact_name:beta-two", "Beta-two")]
    [InlineData("?q=exact_name:beta", "")]
    [InlineData("?q=deprecated:false", "alpha-one,Beta-two")]
    [InlineData("?q=deprecated:true", "gamma-one")]
    [InlineData("?q=deleted:true", "")]
    [InlineData("?q=author:me", "alpha-one,Beta-two,gamma-one")]
    [InlineData("?q=author:owner", "alpha-one,Beta-two,gamma-one")]
    [InlineData("?q=author:nobody", "")]
    [InlineData("?q=has-ai-task:true", "")]
    [InlineData("?q=has_external_agent:false", "alpha-one,Beta-two,gamma-one")]
    [InlineData("?q=organization:coder", "alpha-one,Beta-two,gamma-one")]
    public async Task A_search_finds_by_name_and_key(string query, string expected)
    {
        var names = await Owner.TemplateNamesAsync(query, Ct);

        names.Should().Equal(expected.Split(',', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task The_list_of_an_organization_has_its_templates()
    {
        var found = (await Owner.GetFromJsonAsync<JsonArray>($"{TemplatesApi.OfDefault}?q=two", Ct))!;

        found.Should().ContainSingle();
        (await Owner.GetAsync("/api/v2/organizations/nowhere/templates", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("?q=nothing:1", "nothing")]
    [InlineData("?q=organization:nowhere", "organization")]
    [InlineData("?q=deprecated:2", "deprecated")]
    public async Task A_search_that_can_not_be_read_is_refused(string query, string field)
    {
        var problem = await (await Owner.GetAsync(TemplatesApi.Templates + query, Ct)).ProblemAsync(Ct);

        problem.Should().BeEquivalentTo(new { Status = HttpStatusCode.BadRequest, Message = "Invalid template search query." });
        problem.Validations.Should().ContainSingle().Which.Field.Should().Be(field);
    }

    [Fact]
    public async Task A_stranger_sees_nothing()
    {
        using var stranger = await Server.AddUserAsync(new NewTestUser { IsMember = false }, Ct);

        (await stranger.Client.TemplateNamesAsync("", Ct)).Should().BeEmpty();
    }

    [Theory]
    [InlineData("nothing", HttpStatusCode.BadRequest)]
    [InlineData("00000000-0000-4000-8000-000000000000", HttpStatusCode.NotFound)]
    public async Task What_is_not_there_is_not_found(string id, HttpStatusCode status) =>
        (await Owner.GetAsync($"{TemplatesApi.Templates}/{id}", Ct)).StatusCode.Should().Be(status);

    [Fact]
    public async Task Use_is_counted_from_workspaces_and_builds()
    {
        var id = (await Owner.GetFromJsonAsync<JsonObject>($"{TemplatesApi.OfDefault}/alpha-one", Ct))!.Id();
        using var user = await Server.AddUserAsync(Ct);
        var workspace = await Server.Database.AddWorkspaceAsync(id, user.Id, Ct);
        await Server.Database.AddBuildAsync(workspace, Server.Clock.GetUtcNow().AddDays(-1), Ct);

        var template = await Owner.TemplateAsync(id, Ct);

        template["active_user_count"]!.GetValue<int>().Should().Be(1);
        template["build_time_stats"]!["start"]!.ToJsonString().Should().Be("""{"P50":4000,"P95":4000}""");
    }

    [Fact]
    public async Task Permissions_on_one_template_can_be_asked_for()
    {
        using var member = await Server.AddUserAsync(Ct);
        var id = (await Owner.GetFromJsonAsync<JsonObject>($"{TemplatesApi.OfDefault}/alpha-one", Ct))!.Id();
        var checks = new
        {
            read = Check("read"),
            use = Check("use"),
            update = Check("update"),
        };

        var answer = await (await member.Client.PostAsJsonAsync("/api/v2/authcheck", new { checks }, Ct)).JsonAsync(Ct);

        answer.ToJsonString().Should().Be("""{"read":true,"use":true,"update":false}""");

        object Check(string action) => new { action, @object = new { resource_type = "template", resource_id = id.ToString() } };
    }
}
