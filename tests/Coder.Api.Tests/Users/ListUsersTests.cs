using System.Net;
using Coder.Domain.Authorization;
using Coder.Testing;

namespace Coder.Api.Tests.Users;

public sealed class ListUsersTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const string Users = "/api/v2/users";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task A_plain_member_sees_only_itself()
    {
        using var member = await Server.AddUserAsync(Ct);

        var body = await (await member.Client.GetAsync(Users, Ct)).JsonAsync(Ct);

        body["count"]!.GetValue<long>().Should().Be(1);
        body["users"]!.AsArray().Should().ContainSingle().Which!["id"]!.GetValue<Guid>().Should().Be(member.Id);
    }

    [Fact]
    public async Task A_credential_that_sees_no_user_gets_an_empty_list()
    {
        using var member = await Server.AddUserAsync(new NewTestUser { Scope = KeyScope.ApplicationConnect }, Ct);

        var response = await member.Client.GetAsync(Users, Ct);

        (await response.Content.ReadAsStringAsync(Ct)).Should().Be("""{"users":[],"count":0}""");
    }

    [Fact]
    public async Task Pages_are_walked_by_the_last_user_of_the_page_before()
    {
        using var auditor = await Server.AddUserAsync(roles: ["auditor"], Ct);
        string[] names = ["walk-a", "Walk-B", "walk-c"];
        foreach (var name in names)
        {
            (await Server.AddUserAsync(new NewTestUser { Username = name }, Ct)).Dispose();
        }

        var walked = new List<string>();
        var after = "";
        for (var page = 0; page < 4; page++)
        {
            var body = await (await auditor.Client.GetAsync($"{Users}?q=walk&limit=1&after_id={after}", Ct)).JsonAsync(Ct);
            body["count"]!.GetValue<long>().Should().Be(3);
            foreach (var user in body["users"]!.AsArray())
            {
                walked.Add(user!["username"]!.GetValue<string>());
                after = user["id"]!.GetValue<string>();
            }
        }

        walked.Should().Equal(names);
    }

    [Fact]
    public async Task The_place_of_a_hidden_user_in_the_list_is_not_told()
    {
        using var member = await Server.AddUserAsync(new NewTestUser { Username = "mm-reader" }, Ct);
        using var before = await Server.AddUserAsync(new NewTestUser { Username = "aa-hidden" }, Ct);
        using var after = await Server.AddUserAsync(new NewTestUser { Username = "zz-hidden" }, Ct);

        var answers = new List<string>();
        foreach (var cursor in new[] { before.Id, after.Id, TestIds.New() })
        {
            answers.Add(await member.Client.GetStringAsync($"{Users}?after_id={cursor}", Ct));
        }

        answers.Should().AllBe("""{"users":[],"count":1}""");
    }

    [Theory]
    [InlineData("limit=-1", "limit", "Query param \"limit\" must be a valid 32-bit positive integer: \"-1\" is none")]
    [InlineData("limit=2147483648", "limit", "Query param \"limit\" must be a valid 32-bit positive integer: \"2147483648\" is none")]
    [InlineData("limit=%201", "limit", "Query param \"limit\" must be a valid 32-bit positive integer: \" 1\" is none")]
    [InlineData("offset=x", "offset", "Query param \"offset\" must be a valid 32-bit positive integer: \"x\" is none")]
    [InlineData("after_id=x", "after_id", "Query param \"after_id\" must be a valid uuid")]
    [InlineData(
        "limit=1&limit=1", "limit", "Query param \"limit\" provided more than once, found 2 times. Only provide 1 instance of this query param.")]
    [InlineData("q=a&q=b&q=c", "q", "Query param \"q\" provided more than once, found 3 times. Only provide 1 instance of this query param.")]
    public async Task A_parameter_that_can_not_be_read_is_named(string query, string field, string detail)
    {
        using var member = await Server.AddUserAsync(Ct);

        var response = await member.Client.GetAsync($"{Users}?{query}", Ct);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new Problem(
            HttpStatusCode.BadRequest, "Query parameters have invalid values.", null, [(field, detail)]));
    }

    [Fact]
    public async Task All_parameters_that_can_not_be_read_are_named()
    {
        using var member = await Server.AddUserAsync(Ct);

        var problem = await (await member.Client.GetAsync($"{Users}?after_id=1&offset=2&limit=z", Ct)).ProblemAsync(Ct);

        problem.Validations.Select(v => v.Field).Should().Equal("limit", "after_id");
    }

    [Fact]
    public async Task A_search_that_can_not_be_read_is_refused_with_every_key()
    {
        using var member = await Server.AddUserAsync(Ct);

        var response = await member.Client.GetAsync($"{Users}?q=status:x+what:ever", Ct);

        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new Problem(
            HttpStatusCode.BadRequest,
            "Invalid user search query.",
            null,
            [
                ("status", "Query param \"status\" has invalid value: \"x\" is not a valid value"),
                ("what", "\"what\" is not a valid query param"),
            ]));
    }

    [Fact]
    public async Task Whoever_is_not_signed_in_sees_nobody()
    {
        (await (await Server.Anonymous.GetAsync(Users, Ct)).ProblemAsync(Ct)).Status.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_chosen_theme_stands_with_the_user()
    {
        using var user = await Server.AddUserAsync(Ct);
        await user.Client.PutJsonAsync("/api/v2/users/me/appearance", """{"theme_preference":"dark","terminal_font":"fira-code"}""", Ct);

        var body = await (await user.Client.GetAsync(Users, Ct)).JsonAsync(Ct);

        body["users"]!.AsArray().Should().ContainSingle().Which!["theme_preference"]!.GetValue<string>().Should().Be("dark");
    }
}
