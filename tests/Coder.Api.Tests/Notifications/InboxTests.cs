using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Api.Tests.Http;
using Coder.Application.Common;
using Coder.Application.Notifications;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Notifications;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Api.Tests.Notifications;

public sealed class InboxTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Path = "/api/v2/notifications/inbox";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly Guid Template = new("0b3a4f0e-0000-4000-8000-000000000001");
    private static readonly Guid OtherTemplate = new("0b3a4f0e-0000-4000-8000-000000000002");
    private static readonly Guid Target = new("0b3a4f0e-0000-4000-8000-00000000000a");
    private static readonly Guid OtherTarget = new("0b3a4f0e-0000-4000-8000-00000000000b");

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task An_empty_inbox_is_empty()
    {
        using var user = await Server.AddUserAsync(Ct);

        (await user.Client.GetStringAsync(Path, Ct)).Should().Be("""{"notifications":[],"unread_count":0}""");
    }

    [Fact]
    public async Task A_notification_has_all_that_was_said()
    {
        using var user = await Server.AddUserAsync(Ct);
        var id = await Server.NotifyAsync(user.Id, Template, [Target], "A *title*", Ct);

        var page = await ListAsync(user);

        page.ToJsonString().Should().Be(
            $$"""{"notifications":[{"id":"{{id}}","user_id":"{{user.Id}}","template_id":"{{Template}}","targets":["{{Target}}"],"title":"A *title*","content":"**Content**","icon":"/icon.svg","actions":[{"label":"Look","url":"https://example.com"}],"read_at":null,"created_at":"2026-03-01T12:00:00Z"}],"unread_count":1}""");
    }

    [Fact]
    public async Task Nobody_sees_or_changes_the_inbox_of_another()
    {
        using var user = await Server.AddUserAsync(Ct);
        using var owner = await Server.AddUserAsync(roles: ["owner"], Ct);
        var id = await Server.NotifyAsync(user.Id, Template, [], "private", Ct);

        var seen = await owner.Client.GetStringAsync(Path, Ct);
        var marked = await MarkAsync(owner, id.ToString(), true);

        seen.Should().Be("""{"notifications":[],"unread_count":0}""");
        marked.StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await ListAsync(user))["unread_count"]!.GetValue<int>().Should().Be(1);
    }

    [Fact]
    public async Task Filters_narrow_the_list_and_not_the_count()
    {
        using var user = await Server.AddUserAsync(Ct);
        await Server.NotifyAsync(user.Id, Template, [Target], "one", Ct);
        await Server.NotifyAsync(user.Id, OtherTemplate, [Target, OtherTarget], "two", Ct);
        var third = await Server.NotifyAsync(user.Id, OtherTemplate, [], "three", Ct);
        await MarkAsync(user, third.ToString(), true);

        (await TitlesAsync(user, $"?targets={Target}")).Should().BeEquivalentTo("one", "two");
        (await TitlesAsync(user, $"?targets={Target},{OtherTarget}")).Should().BeEquivalentTo("two");
        (await TitlesAsync(user, $"?templates={Template}")).Should().BeEquivalentTo("one");
        (await TitlesAsync(user, $"?templates={Template},{OtherTemplate}")).Should().BeEquivalentTo("one", "two", "three");
        (await TitlesAsync(user, "?read_status=read")).Should().BeEquivalentTo("three");
        (await TitlesAsync(user, "?read_status=unread")).Should().BeEquivalentTo("one", "two");
        (await TitlesAsync(user, "?read_status=all")).Should().HaveCount(3);
        (await TitlesAsync(user, $"?targets={Target}&templates={OtherTemplate}&read_status=unread&starting_before={third}"))
            .Should().BeEquivalentTo("two");
        (await ListAsync(user, "?read_status=read"))["unread_count"]!.GetValue<int>().Should().Be(2);
    }

    [Fact]
    public async Task The_newest_twenty_five_come_first_and_the_others_behind_the_last_of_them()
    {
        using var user = await Server.AddUserAsync(Ct);
        for (var i = 0; i < 27; i++)
        {
            await Server.NotifyAsync(user.Id, Template, [], $"n{i}", Ct);
            await Server.Database.ExecuteAsync(
                "update inbox_notifications set created_at = created_at + $1 * interval '1 second' where user_id = $2 and title = $3",
                Ct, i, user.Id, $"n{i}");
        }

        var first = (await ListAsync(user))["notifications"]!.AsArray();
        var last = first[^1]!["id"]!.GetValue<string>();
        var rest = await TitlesAsync(user, $"?starting_before={last}");

        first.Should().HaveCount(25);
        first[0]!["title"]!.GetValue<string>().Should().Be("n26");
        rest.Should().Equal("n1", "n0");
    }

    [Theory]
    [InlineData("?targets=x", "targets", "Query param \"targets\" must be a valid uuid")]
    [InlineData("?templates=x", "templates", "Query param \"templates\" must be a valid uuid")]
    [InlineData("?starting_before=x", "starting_before", "Query param \"starting_before\" must be a valid uuid")]
    [InlineData("?read_status=maybe", "read_status", "Query param \"read_status\" must be one of all, read, unread")]
    public async Task Bad_parameters_are_named(string query, string field, string detail)
    {
        using var user = await Server.AddUserAsync(Ct);

        var problem = await (await user.Client.GetAsync(Path + query, Ct)).ProblemAsync(Ct);

        problem.Status.Should().Be(HttpStatusCode.BadRequest);
        problem.Message.Should().Be("Query parameters have invalid values.");
        problem.Validations.Should().Equal((field, detail));
    }

    [Fact]
    public async Task A_notification_is_marked_as_read_and_as_not_read()
    {
        using var user = await Server.AddUserAsync(Ct);
        var id = await Server.NotifyAsync(user.Id, Template, [], "mark", Ct);

        var read = await (await MarkAsync(user, id.ToString(), true)).JsonAsync(Ct);
        var unread = await (await MarkAsync(user, id.ToString(), false)).JsonAsync(Ct);

        read["notification"]!["read_at"]!.GetValue<string>().Should().Be("2026-03-01T12:00:00Z");
        read["unread_count"]!.GetValue<int>().Should().Be(0);
        unread["notification"]!["read_at"].Should().BeNull();
        unread["unread_count"]!.GetValue<int>().Should().Be(1);
    }

    [Fact]
    public async Task Only_notifications_that_exist_are_marked()
    {
        using var user = await Server.AddUserAsync(Ct);

        var malformed = await MarkAsync(user, "abc", true);
        var missing = await MarkAsync(user, Guid.AllBitsSet.ToString(), true);

        (await malformed.ProblemAsync(Ct)).Should().BeEquivalentTo(
            new { Status = HttpStatusCode.BadRequest, Message = "Invalid UUID \"abc\"." });
        missing.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Everything_is_marked_as_read_at_once()
    {
        using var user = await Server.AddUserAsync(Ct);
        await Server.NotifyAsync(user.Id, Template, [], "a", Ct);
        await Server.NotifyAsync(user.Id, Template, [], "b", Ct);

        var response = await user.Client.PutAsync($"{Path}/mark-all-as-read", null, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await ListAsync(user, "?read_status=unread")).ToJsonString().Should().Be("""{"notifications":[],"unread_count":0}""");
    }

    [Fact]
    public async Task A_key_that_only_opens_applications_has_no_inbox()
    {
        using var user = await Server.AddUserAsync(new NewTestUser { Scope = KeyScope.ApplicationConnect }, Ct);
        var id = await Server.NotifyAsync(user.Id, Template, [], "unseen", Ct);

        (await user.Client.GetStringAsync(Path, Ct)).Should().Be("""{"notifications":[],"unread_count":0}""");
        (await MarkAsync(user, id.ToString(), true)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await user.Client.PutAsync($"{Path}/mark-all-as-read", null, Ct)).StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_notification_of_a_transaction_that_fails_was_never_there()
    {
        using var user = await Server.AddUserAsync(Ct);
        await using (var scope = Server.Services.CreateAsyncScope())
        {
            var inbox = scope.ServiceProvider.GetRequiredService<IInbox>();
            await scope.ServiceProvider.GetRequiredService<IUnitOfWork>().RunAsync<Result<Done>>(
                System.Data.IsolationLevel.ReadCommitted,
                async ct =>
                {
                    await inbox.AddAsync(new NewInboxNotification(user.Id, Template, [], "never", "", "", []), ct);
                    return Error.NotFound;
                },
                Ct);
        }

        (await TitlesAsync(user, "")).Should().BeEmpty();
    }

    [Fact]
    public async Task The_list_costs_the_session_the_page_and_the_count()
    {
        using var user = await Server.AddUserAsync(Ct);
        using var log = new StatementLog();

        var statements = await log.OfAsync(() => user.Client.GetAsync(Path, Ct), Ct);

        statements.Should().HaveCount(3);
    }

    private static async Task<JsonObject> ListAsync(TestUser user, string query = "") =>
        (await user.Client.GetFromJsonAsync<JsonObject>(Path + query, Ct))!;

    private static async Task<IReadOnlyList<string>> TitlesAsync(TestUser user, string query) =>
        [.. (await ListAsync(user, query))["notifications"]!.AsArray().Select(n => n!["title"]!.GetValue<string>())];

    private static Task<HttpResponseMessage> MarkAsync(TestUser user, string id, bool isRead) =>
        user.Client.PutAsJsonAsync($"{Path}/{id}/read-status", new { is_read = isRead }, Ct);
}

internal static class InboxServer
{
    public static async Task<Guid> NotifyAsync(
        this TestServer server, Guid user, Guid template, IReadOnlyList<Guid> targets, string title, CancellationToken ct)
    {
        await using var scope = server.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IInbox>().AddAsync(
            new NewInboxNotification(
                user, template, targets, title, "**Content**", "/icon.svg", [new InboxAction("Look", "https://example.com")]),
            ct);
    }
}
