using System.Text.Json;
using Coder.Api.Tests.Licensing;
using Coder.Testing;

namespace Coder.Api.Tests.Cli;

/// <summary>An operator's way through the tool, against a real server over real HTTP.</summary>
public sealed class JourneyTests : IDisposable
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly CliJourney _journey = new(new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Now));

    public void Dispose() => _journey.Dispose();

    [Fact]
    public async Task From_a_new_key_to_a_renewed_license_and_out_again()
    {
        var trusted = await SucceedAsync("licenses", "keygen", "--kid", "dev", "--out", "key.json");
        await using var server = await TestServer.StartAsync(o => o.LicenseKeys = trusted.Output.Trim(), Ct);
        var url = server.Anonymous.BaseAddress!.ToString();

        var welcome = await SucceedAsync(
            "login", url,
            "--first-user-email", "owner@example.com", "--first-user-username", "owner", "--first-user-password", TestServer.OwnerPassword);
        var none = await SucceedAsync("licenses", "list", "--output", "json");
        welcome.Output.Should().Contain("Welcome to Coder, owner!");
        JsonDocument.Parse(none.Output).RootElement.GetArrayLength().Should().Be(0);

        var large = await IssueAsync(
            "--issued-at", "-2d", "--feature", "managed_agent_limit_soft=100", "--feature", "managed_agent_limit_hard=200");
        await File.WriteAllTextAsync(_journey.PathOf("large.jwt"), large + "\n", Ct);
        var added = await SucceedAsync("licenses", "add", "--file", "large.jwt");
        added.Output.Should().Be("License with ID 1 added\n");
        (await server.Anonymous.EntitlementsAsync(Ct)).Feature("managed_agent_limit").Number("limit").Should().Be(200);

        var small = await IssueAsync(
            "--issued-at", "-1d", "--feature", "managed_agent_limit_soft=5", "--feature", "managed_agent_limit_hard=10");
        (await SucceedAsync("licenses", "add", "--license", small)).Output.Should().Be("License with ID 2 added\n");
        var reduced = (await server.Anonymous.EntitlementsAsync(Ct)).Feature("managed_agent_limit");
        reduced.Number("limit").Should().Be(10);
        reduced.Number("soft_limit").Should().Be(5);

        var table = await SucceedAsync("license", "ls");
        table.Output.Should().Contain("managed_agent_limit_hard=200").And.Contain("managed_agent_limit_hard=10")
            .And.Contain("2027-03-01T12:00:00Z");
        var twice = await RunAsync("licenses", "add", "--license", small);
        twice.Code.Should().Be(1);
        twice.Errors.Should().Contain("Unable to add license to database").And.Contain("already stored with ID 2");

        (await SucceedAsync("licenses", "rm", "2")).Output.Should().Be("License with ID 2 deleted\n");
        (await server.Anonymous.EntitlementsAsync(Ct)).Feature("managed_agent_limit").Number("limit").Should().Be(200);

        await SucceedAsync("logout");
        (await RunAsync("licenses", "list")).Code.Should().Be(1);
        foreach (var text in (string[])[large, small])
        {
            (welcome.All + none.All + added.All + table.All + twice.All).Should().NotContain(text.Split('.')[2]);
        }
    }

    [Fact]
    public async Task Warnings_of_the_server_are_printed_after_the_command_that_causes_them()
    {
        var trusted = await SucceedAsync("licenses", "keygen", "--kid", "dev", "--out", "key.json");
        await using var server = await TestServer.StartAsync(o => o.LicenseKeys = trusted.Output.Trim(), Ct);
        await SucceedAsync(
            "login", server.Anonymous.BaseAddress!.ToString(),
            "--first-user-email", "owner@example.com", "--first-user-username", "owner", "--first-user-password", TestServer.OwnerPassword);
        var empty = (await SucceedAsync("licenses", "issue", "--key", "key.json")).Output.Trim();

        var added = await SucceedAsync("licenses", "add", "--license", empty);

        added.Output.Should().Be("License with ID 1 added\n");
        added.Errors.Should().Contain("Audit Log is enabled but your license is not entitled to this feature.");
    }

    private async Task<string> IssueAsync(params string[] options) =>
        (await SucceedAsync(
            ["licenses", "issue", "--key", "key.json", "--feature-set", "premium", "--feature", "user_limit=100", .. options])).Output.Trim();

    private Task<CliRun> SucceedAsync(params string[] args) => _journey.SucceedAsync(args);

    private Task<CliRun> RunAsync(params string[] args) => _journey.RunAsync(args);
}
