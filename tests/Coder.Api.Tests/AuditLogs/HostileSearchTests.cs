using System.Net;
using System.Net.Http.Json;
using Coder.Api.Tests.ConnectionLogs;
using Coder.Testing;

namespace Coder.Api.Tests.AuditLogs;

/// <summary>docs/spec/connection-logs.md, section 10: whatever is searched for in either log is compared, or refused, and nothing else.</summary>
public sealed class HostileSearchTests(ConnectionLogServer fixture) : IClassFixture<ConnectionLogServer>
{
    private const string Audit = "/api/v2/audit";
    private const string Connections = "/api/v2/connectionlog";

    private static readonly string[] AuditKeys =
    [
        "request_id", "resource_id", "resource_target", "username", "email", "date_from", "date_to", "organization", "resource_type", "action",
        "build_reason", "search",
    ];

    private static readonly string[] ConnectionKeys =
    [
        "organization", "workspace_owner", "workspace_owner_email", "type", "username", "user_email", "connected_after", "connected_before",
        "workspace_id", "connection_id", "status", "search",
    ];

    private static readonly string[] Compared =
        ["resource_target", "username", "email", "workspace_owner", "workspace_owner_email", "user_email"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Texts => [.. HostileTexts.All];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_search_compares_hostile_text_or_refuses_it(string text)
    {
        foreach (var (path, keys) in new[] { (Audit, AuditKeys), (Connections, ConnectionKeys) })
        {
            foreach (var key in keys)
            {
                foreach (var list in new[] { path, $"{path}/export" })
                {
                    var answer = await fixture.Owner.GetAsync($"{list}?q={Uri.EscapeDataString($"{key}:\"{text}\"")}", Ct);

                    answer.StatusCode.Should().Be(Compared.Contains(key) ? HttpStatusCode.OK : HttpStatusCode.BadRequest, $"{list} {key}");
                }
            }
        }

        await ShouldBeUnharmedAsync();
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Places_and_numbers_that_are_none_are_refused(string text)
    {
        foreach (var parameter in new[] { "after_id", "cursor", "count_cap", "count", "limit", "offset" })
        {
            var problem = await (await fixture.Owner.GetAsync($"{Connections}?{parameter}={Uri.EscapeDataString(text)}", Ct)).ProblemAsync(Ct);
            problem.Status.Should().Be(HttpStatusCode.BadRequest, parameter);
        }

        foreach (var path in new[] { $"{Audit}/export?cursor", $"{Connections}/export?cursor", $"{Audit}?limit", $"{Audit}?offset" })
        {
            var problem = await (await fixture.Owner.GetAsync($"{path}={Uri.EscapeDataString(text)}", Ct)).ProblemAsync(Ct);
            problem.Status.Should().Be(HttpStatusCode.BadRequest, path);
        }

        await ShouldBeUnharmedAsync();
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task An_entry_with_such_a_name_is_found_by_it_alone(string text)
    {
        (await fixture.Owner.PostAsJsonAsync($"{Audit}/testgenerate", new { action = "register" }, Ct)).EnsureSuccessStatusCode();
        await fixture.Server.Database.ExecuteAsync(
            "update audit_logs set resource_target = $1 where action = 'register' and resource_target = 'owner'", Ct, text);

        var body = await (await fixture.Owner.GetAsync($"{Audit}?q={Uri.EscapeDataString($"resource_target:\"{text}\"")}", Ct)).JsonAsync(Ct);

        body["count"]!.GetValue<int>().Should().Be(1);
        body["audit_logs"]![0]!["resource_target"]!.GetValue<string>().Should().Be(text);
    }

    private async Task ShouldBeUnharmedAsync()
    {
        (await fixture.Server.Database.ScalarAsync<bool>(
            "select to_regclass('connection_logs') is not null and exists (select 1 from audit_logs)", Ct)).Should().BeTrue();
        fixture.Logs.Lines.Should().NotContain(line => line.StartsWith("Error", StringComparison.Ordinal));
    }
}
