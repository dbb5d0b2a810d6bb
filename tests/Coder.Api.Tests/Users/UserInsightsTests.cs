using System.Net;
using System.Text.Json.Nodes;
using Coder.Domain.Users;
using Coder.Testing;

namespace Coder.Api.Tests.Users;

public sealed class UserInsightsTests
{
    private const string Counts = "/api/v2/insights/user-status-counts?tz_offset=";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_change_of_a_status_counts_from_its_day_on_and_a_deleted_user_no_more()
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        using var owner = await server.AddUserAsync(new NewTestUser { Roles = ["owner"] }, Ct);
        using var user = await server.AddUserAsync(new NewTestUser { Status = UserStatus.Dormant }, Ct);
        server.Clock.Advance(TimeSpan.FromDays(1));
        using var later = server.With((await server.Database.AddKeyAsync(
            owner.Id, Domain.Authorization.KeyScope.All, server.Clock.GetUtcNow(), TimeSpan.FromDays(30), Ct)).Reveal());
        (await later.PutAsync($"/api/v2/users/{user.Id}/status/activate", null, Ct)).EnsureSuccessStatusCode();
        server.Clock.Advance(TimeSpan.FromDays(1));
        (await later.PutAsync($"/api/v2/users/{user.Id}/status/suspend", null, Ct)).EnsureSuccessStatusCode();
        server.Clock.Advance(TimeSpan.FromDays(1));
        (await later.DeleteAsync($"/api/v2/users/{user.Id}", Ct)).EnsureSuccessStatusCode();

        var counts = (await (await later.GetAsync($"{Counts}-2", Ct)).JsonAsync(Ct))["status_counts"]!.AsObject();

        counts.Select(c => c.Key).Should().BeEquivalentTo("active", "dormant", "suspended");
        Last(counts["active"]!).Should().Equal(0, 1, 2, 1, 1);
        Last(counts["dormant"]!).Should().Equal(0, 1, 0, 0, 0);
        Last(counts["suspended"]!).Should().Equal(0, 0, 0, 1, 0);
        counts["active"]!.AsArray().Should().HaveCount(61);
        counts["active"]![60]!["date"]!.GetValue<string>().Should().Be("2026-03-04T02:00:00Z");
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("15")]
    [InlineData("-13")]
    public async Task The_offset_is_a_time_zone_of_this_world(string offset)
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        using var owner = await server.AddUserAsync(roles: ["owner"], Ct);

        var problem = await (await owner.Client.GetAsync(Counts + offset, Ct)).ProblemAsync(Ct);

        problem.Message.Should().Be("Query parameters have invalid values.");
        problem.Validations.Should().Equal(
            ("tz_offset", $"Query param \"tz_offset\" must be a valid integer from -12 to 14: \"{offset}\" is none"));
    }

    [Fact]
    public async Task Whoever_does_not_see_all_users_gets_no_counts()
    {
        await using var server = await TestServer.StartAsync(null, Ct);
        using var member = await server.AddUserAsync(Ct);

        (await (await member.Client.GetAsync($"{Counts}0", Ct)).ProblemAsync(Ct)).Status.Should().Be(HttpStatusCode.Forbidden);
    }

    private static IEnumerable<long> Last(JsonNode days) => days.AsArray().TakeLast(5).Select(day => day!["count"]!.GetValue<long>());
}
