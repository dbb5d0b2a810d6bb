using System.Net;
using System.Net.Http.Json;
using Coder.Testing;

namespace Coder.Api.Tests.Groups;

public sealed class GroupAuditTests(GroupsServer groups) : IClassFixture<GroupsServer>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => groups.Server;

    private HttpClient Owner => groups.Owner;

    [Fact]
    public async Task A_new_group_is_recorded_with_everything_that_it_is()
    {
        var body = new { name = "recorded", display_name = "R", avatar_url = "/icon", quota_allowance = 2 };
        var response = await Owner.PostAsJsonAsync(GroupsApi.OfDefault, body, Ct);

        var id = (await response.JsonAsync(Ct)).Id();
        var row = await RowAsync("recorded");
        row.Should().BeEquivalentTo(new
        {
            Action = "create",
            StatusCode = 201,
            ResourceId = id,
            OrganizationId = await Server.Database.DefaultOrganizationAsync(Ct),
        });
        row.Diff.ToJsonString().Should().Be(
            $$$"""{"id":{"new":"{{{id}}}","old":"","secret":false},"name":{"new":"recorded","old":"","secret":false},"""
            + "\"avatar_url\":{\"new\":\"/icon\",\"old\":\"\",\"secret\":false},\"display_name\":{\"new\":\"R\",\"old\":\"\",\"secret\":false},"
            + "\"quota_allowance\":{\"new\":2,\"old\":0,\"secret\":false}}");
    }

    [Fact]
    public async Task A_new_group_whose_name_is_taken_is_recorded_as_a_failure()
    {
        using var member = await Server.AddUserAsync(Ct);

        await member.Client.PostAsJsonAsync(GroupsApi.OfDefault, new { name = "refused" }, Ct);
        await Owner.CreateGroupAsync("conflict", Ct);
        await Owner.PostAsJsonAsync(GroupsApi.OfDefault, new { name = "CONFLICT" }, Ct);

        (await RowAsync("refused")).Should().BeEquivalentTo(new { Action = "create", StatusCode = 403, UserId = member.Id });
        (await RowAsync("CONFLICT")).Should().BeEquivalentTo(new { Action = "create", StatusCode = 409, ResourceId = Guid.Empty });
    }

    [Fact]
    public async Task A_change_is_recorded_with_what_changed()
    {
        using var user = await Server.AddUserAsync(Ct);
        var group = await Owner.CreateGroupAsync("before", Ct);

        await Owner.PatchGroupAsync(group.Id(), new { name = "after", add_users = new[] { user.Id } }, Ct);

        var row = await RowAsync("after");
        row.Should().BeEquivalentTo(new { Action = "write", StatusCode = 200, ResourceId = group.Id() });
        row.Diff.ToJsonString().Should().Be(
            $$$"""{"name":{"new":"after","old":"before","secret":false},"members":{"new":["{{{user.Id}}}"],"old":[],"secret":false}}""");
    }

    [Fact]
    public async Task A_change_that_fails_is_recorded_without_a_diff()
    {
        using var stranger = await Server.AddUserAsync(new NewTestUser { IsMember = false }, Ct);
        var group = await Owner.CreateGroupAsync("unchanged", Ct);

        await Owner.PatchGroupAsync(group.Id(), new { name = "other", add_users = new[] { stranger.Id } }, Ct);

        var row = await RowAsync(group.Id());
        row.Should().BeEquivalentTo(new { Action = "write", StatusCode = 400, Target = "unchanged" });
        row.Diff.Should().BeEmpty();
    }

    [Fact]
    public async Task A_deletion_is_recorded_with_everything_that_is_gone()
    {
        var group = await Owner.CreateGroupAsync("leaving", Ct);

        await Owner.DeleteAsync($"{GroupsApi.Groups}/{group.Id()}", Ct);

        var row = await RowAsync(group.Id());
        row.Should().BeEquivalentTo(new { Action = "delete", StatusCode = 200, Target = "leaving" });
        row.Diff["name"]!["old"]!.GetValue<string>().Should().Be("leaving");
    }

    [Fact]
    public async Task A_deletion_that_fails_is_recorded()
    {
        using var auditor = await Server.AddUserAsync(["auditor"], Ct);
        var group = await Owner.CreateGroupAsync("staying", Ct);

        var response = await auditor.Client.DeleteAsync($"{GroupsApi.Groups}/{group.Id()}", Ct);

        response.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await RowAsync(group.Id())).Should().BeEquivalentTo(new { Action = "delete", StatusCode = 403, UserId = auditor.Id });
    }

    [Fact]
    public async Task Of_a_group_that_one_may_not_see_nothing_is_recorded()
    {
        using var member = await Server.AddUserAsync(Ct);
        var group = await Owner.CreateGroupAsync("unseen", Ct);

        await member.Client.DeleteAsync($"{GroupsApi.Groups}/{group.Id()}", Ct);

        (await Server.Database.AuditRowsAsync("group", Ct)).Where(row => row.ResourceId == group.Id())
            .Should().ContainSingle().Which.Action.Should().Be("create");
    }

    private async Task<AuditRow> RowAsync(string target) =>
        (await Server.Database.AuditRowsAsync("group", Ct)).Should().ContainSingle(row => row.Target == target).Subject;

    // What happened to a group after it was made.
    private async Task<AuditRow> RowAsync(Guid id) => (await Server.Database.AuditRowsAsync("group", Ct))
        .Should().ContainSingle(row => row.ResourceId == id && row.Action != "create").Subject;
}
