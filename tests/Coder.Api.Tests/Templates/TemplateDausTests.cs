using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Testing;

namespace Coder.Api.Tests.Templates;

/// <summary>How many people use a template. The clock stands at noon of 1 March 2026, in UTC.</summary>
public sealed class TemplateDausTests(TemplatesServer templates) : IClassFixture<TemplatesServer>
{
    private const string InsertConnection = """
        insert into connection_logs
            (id, connect_time, organization_id, workspace_owner_id, workspace_id, workspace_name, agent_name, type, ip, code, user_id, slug_or_port)
        select $1, $2, w.organization_id, w.owner_id, w.id, w.name, 'main', 'workspace_app', '127.0.0.1', 200, $4, 'code'
        from workspaces w
        where w.id = $3
        """;

    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => templates.Server;

    private DateTimeOffset Now => Server.Clock.GetUtcNow();

    [Fact]
    public async Task Each_person_counts_once_a_day_and_days_without_anybody_are_there()
    {
        using var owner = await Server.AddUserAsync(Ct);
        using var visitor = await Server.AddUserAsync(Ct);
        var (template, workspace) = await AddAsync("used", owner.Id);
        var (_, elsewhere) = await AddAsync("other", owner.Id);
        await ConnectAsync(workspace, Now, owner.Id);
        await ConnectAsync(workspace, Now.AddHours(-1), owner.Id);
        await ConnectAsync(workspace, Now.AddHours(-2), visitor.Id);
        await ConnectAsync(workspace, Now.AddDays(-29), visitor.Id);
        await ConnectAsync(workspace, Now.AddDays(-30), visitor.Id);
        await ConnectAsync(elsewhere, Now, visitor.Id);

        var answer = await ReadAsync(template);

        answer["tz_hour_offset"]!.GetValue<int>().Should().Be(0);
        var days = answer["entries"]!.AsArray().Select(e => (Date: e!["date"]!.GetValue<string>(), Amount: e["amount"]!.GetValue<int>())).ToList();
        days.Should().HaveCount(30).And.BeInAscendingOrder(day => day.Date, StringComparer.Ordinal);
        days[^1].Should().Be(("2026-03-01", 2));
        days[0].Should().Be(("2026-01-31", 1));
        days[1..^1].Should().OnlyContain(day => day.Amount == 0);
    }

    [Theory]
    [InlineData(0, "2026-03-01")]
    [InlineData(5, "2026-02-28")]
    [InlineData(-5, "2026-03-01")]
    public async Task Days_begin_where_the_reader_is(int offset, string day)
    {
        using var owner = await Server.AddUserAsync(Ct);
        var (template, workspace) = await AddAsync($"zone{offset + 10}", owner.Id);
        await ConnectAsync(workspace, Now.AddHours(-9), owner.Id);

        var answer = await ReadAsync(template, $"?tz_offset={offset}");

        answer["entries"]!.AsArray().Where(e => e!["amount"]!.GetValue<int>() == 1).Select(e => e!["date"]!.GetValue<string>()).Should().Equal(day);
        answer["tz_hour_offset"]!.GetValue<int>().Should().Be(offset);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("24")]
    [InlineData("-24")]
    [InlineData("1.5")]
    public async Task An_offset_that_is_none_is_refused(string offset)
    {
        using var owner = await Server.AddUserAsync(Ct);
        var (template, _) = await AddAsync($"bad-{TestIds.New():N}"[..20], owner.Id);

        var problem = await (await templates.Owner.GetAsync($"{TemplatesApi.Templates}/{template}/daus?tz_offset={offset}", Ct)).ProblemAsync(Ct);

        problem.Status.Should().Be(HttpStatusCode.BadRequest);
        problem.Validations.Select(v => v.Field).Should().Equal("tz_offset");
    }

    [Fact]
    public async Task Who_may_not_see_a_template_does_not_see_its_users()
    {
        using var owner = await Server.AddUserAsync(Ct);
        using var stranger = await Server.AddUserAsync(new NewTestUser { IsMember = false }, Ct);
        var (template, _) = await AddAsync("hidden", owner.Id);

        (await stranger.Client.GetAsync($"{TemplatesApi.Templates}/{template}/daus", Ct)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await templates.Owner.GetAsync($"{TemplatesApi.Templates}/1/daus", Ct)).StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    private async Task<(Guid Template, Guid Workspace)> AddAsync(string name, Guid owner)
    {
        var template = await Server.NewTemplateAsync(templates.Owner, name, Ct);
        return (template, await Server.Database.AddWorkspaceAsync(template, owner, Ct));
    }

    private Task ConnectAsync(Guid workspace, DateTimeOffset at, Guid user) =>
        Server.Database.ExecuteAsync(InsertConnection, Ct, TestIds.New(), at, workspace, user);

    private async Task<JsonObject> ReadAsync(Guid template, string query = "") =>
        (await templates.Owner.GetFromJsonAsync<JsonObject>($"{TemplatesApi.Templates}/{template}/daus{query}", Ct))!;
}
