using System.Net;
using System.Text.Json.Nodes;
using Coder.Api.Tests.Licensing;
using Coder.Application.ConnectionLogs;
using Coder.Domain.ConnectionLogs;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Api.Tests.ConnectionLogs;

/// <summary>docs/spec/connection-logs.md, section 12.7.</summary>
public sealed class ConnectionLogExportTests(ConnectionLogServer fixture) : IClassFixture<ConnectionLogServer>
{
    private const string Path = "/api/v2/connectionlog/export";
    private const string Header =
        "id,connect_time,disconnect_time,organization,workspace_owner,workspace,agent,type,ip,username,user_email,slug_or_port,user_agent,code,"
        + "connection_id,disconnect_reason";

    private readonly Guid _organization = TestIds.New();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => fixture.Server.Clock.GetUtcNow();

    [Fact]
    public async Task Lines_are_the_entries_of_the_list_oldest_first_over_many_batches()
    {
        await RecordAsync(2_300);

        var (response, text) = await GetAsync("");
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!).ToArray();

        response.Content.Headers.ContentType!.ToString().Should().Be("application/x-ndjson");
        response.Content.Headers.ContentDisposition!.DispositionType.Should().Be("attachment");
        response.Headers.CacheControl!.NoStore.Should().BeTrue();
        lines.Should().HaveCount(2_300);
        using var list = await fixture.Owner.GetAsync($"/api/v2/connectionlog?limit=2300&q=organization:{_organization}", Ct);
        var entries = (await list.JsonAsync(Ct))["connection_logs"]!.AsArray().Reverse().ToArray();
        lines.Zip(entries).Should().OnlyContain(pair => JsonNode.DeepEquals(pair.First, pair.Second));
    }

    [Fact]
    public async Task An_export_goes_on_after_the_last_entry_that_arrived()
    {
        await RecordAsync(10);
        var all = Ids((await GetAsync("")).Text);

        Ids((await GetAsync($"&cursor={all[6]}")).Text).Should().Equal(all[7..]);
        var place = new ConnectionLogCursor(Now.AddMinutes(-1), Guid.Empty);
        Ids((await GetAsync($"&cursor={place}")).Text).Should().Equal(all[8..]);
    }

    [Fact]
    public async Task Csv_has_a_header_quotes_what_must_be_quoted_and_makes_formulas_harmless()
    {
        var logger = fixture.Server.Services.GetRequiredService<IConnectionLogger>();
        var start = Opening(0) with
        {
            Type = ConnectionType.Ssh,
            ConnectionId = TestIds.New(),
            Code = null,
            WorkspaceName = "=HYPERLINK(\"x\")",
            AgentName = "@a,b\nc",
            UserAgent = "-1+1",
            SlugOrPort = "\tx",
        };
        await logger.UpsertAsync(start, Ct);
        var reason = "it said \"bye\"";
        await logger.UpsertAsync(start with { Status = ConnectionStatus.Disconnected, Code = 255, DisconnectReason = reason }, Ct);

        var (response, text) = await GetAsync("&format=csv");

        response.Content.Headers.ContentType!.ToString().Should().Be("text/csv; charset=utf-8");
        text.Should().Be(
            $"{Header}\r\n{start.Id},2026-03-01T12:00:00Z,2026-03-01T12:00:00Z,,,\"'=HYPERLINK(\"\"x\"\")\",\"'@a,b\nc\",ssh,192.0.2.1,,,'\tx,'-1+1,255,"
            + $"{start.ConnectionId},\"it said \"\"bye\"\"\"\r\n");
    }

    [Fact]
    public async Task An_export_of_nothing_is_a_header_or_nothing()
    {
        (await GetAsync("&format=csv")).Text.Should().Be(Header + "\r\n");
        (await GetAsync("&format=ndjson")).Text.Should().BeEmpty();
    }

    [Theory]
    [InlineData("format=xml", "format")]
    [InlineData("format=csv&format=csv", "format")]
    [InlineData("cursor=x", "cursor")]
    [InlineData("cursor=0b2f1d4e-8f9b-4a53-9c3e-6a7f1d2e3c4b", "cursor")]
    [InlineData("q=nonsense", "search")]
    public async Task Bad_parameters_are_refused_before_anything_is_written(string query, string field)
    {
        using var response = await fixture.Owner.GetAsync($"{Path}?{query}", Ct);

        var problem = await response.ProblemAsync(Ct);
        problem.Status.Should().Be(HttpStatusCode.BadRequest);
        problem.Validations.Should().ContainSingle().Which.Field.Should().Be(field);
    }

    [Fact]
    public async Task Those_who_may_read_nothing_export_nothing_and_nobody_is_401()
    {
        await RecordAsync(3);
        using var member = await fixture.Server.AddUserAsync(Ct);

        (await member.Client.GetStringAsync(Path, Ct)).Should().BeEmpty();
        using var response = await fixture.Server.Anonymous.GetAsync(Path, Ct);
        response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Each_export_is_a_line_of_the_log()
    {
        await RecordAsync(3);

        await GetAsync("");

        var line = $"owner organization:{_organization} 3 True";
        var lines = await Eventually.ReadAsync(
            () => Task.FromResult(fixture.Logs.Lines.Where(l => l.Contains("connection_log_export", StringComparison.Ordinal)).ToList()),
            found => found.Exists(l => l.Contains(line, StringComparison.Ordinal)),
            Ct);
        lines.Should().Contain(l => l.Contains(line));
    }

    private ConnectionEvent Opening(int minutes) => new()
    {
        Id = TestIds.New(),
        Time = Now.AddMinutes(-minutes),
        Status = ConnectionStatus.Connected,
        Type = ConnectionType.PortForwarding,
        OrganizationId = _organization,
        WorkspaceOwnerId = TestIds.New(),
        WorkspaceId = TestIds.New(),
        WorkspaceName = "work",
        AgentName = "main",
        Ip = IPAddress.Parse("192.0.2.1"),
        Code = 200,
        UserAgent = "firefox",
        SlugOrPort = "9090",
    };

    private async Task RecordAsync(int count) =>
        (await fixture.Server.Services.GetRequiredService<IConnectionLogger>().UpsertAsync([.. Enumerable.Range(0, count).Select(Opening)], Ct))
            .Error.Should().BeNull();

    private async Task<(HttpResponseMessage Response, string Text)> GetAsync(string query)
    {
        var response = await fixture.Owner.GetAsync($"{Path}?q=organization:{_organization}{query}", Ct);
        var text = await response.Content.ReadAsStringAsync(Ct);
        response.StatusCode.Should().Be(HttpStatusCode.OK, text);
        return (response, text);
    }

    private static Guid[] Ids(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!["id"]!.GetValue<Guid>())];
}
