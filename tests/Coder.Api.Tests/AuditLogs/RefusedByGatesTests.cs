using System.Net;
using System.Net.Http.Json;
using Coder.Application.Groups;
using Coder.Application.Licensing;
using Coder.Application.Users;
using Coder.Testing;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Api.Tests.AuditLogs;

/// <summary>What a gate refuses before the request is read stands in the audit log: docs/spec/platform.md, section 8.</summary>
public sealed class RefusedByGatesTests : IAsyncLifetime
{
    private TestServer? _server;
    private TestUser? _member;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TestServer Server => _server!;

    private TestUser Member => _member!;

    [Theory]
    [InlineData("POST", "/api/v2/licenses", "license", "create")]
    [InlineData("POST", "/api/v2/organizations", "organization", "create")]
    [InlineData("PATCH", "/api/v2/organizations/default", "organization", "write")]
    [InlineData("DELETE", "/api/v2/organizations/default", "organization", "delete")]
    [InlineData("POST", "/api/v2/organizations/default/members/roles", "custom_role", "create")]
    [InlineData("PUT", "/api/v2/organizations/default/members/roles", "custom_role", "write")]
    [InlineData("DELETE", "/api/v2/organizations/default/members/roles/x", "custom_role", "delete")]
    [InlineData("POST", "/api/v2/organizations/default/groups", "group", "create")]
    [InlineData("PATCH", "/api/v2/groups/5b3a4f0e-0000-4000-8000-000000000000", "group", "write")]
    [InlineData("DELETE", "/api/v2/groups/5b3a4f0e-0000-4000-8000-000000000000", "group", "delete")]
    [InlineData("PATCH", "/api/v2/templates/5b3a4f0e-0000-4000-8000-000000000000/acl", "template", "write")]
    [InlineData("POST", "/api/v2/workspaceproxies", "workspace_proxy", "create")]
    [InlineData("PATCH", "/api/v2/workspaceproxies/x", "workspace_proxy", "write")]
    [InlineData("DELETE", "/api/v2/workspaceproxies/x", "workspace_proxy", "delete")]
    public async Task A_command_that_a_gate_refuses_is_recorded_with_its_status_and_nothing_of_the_request(
        string method, string path, string resource, string action)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent("no JSON, and secret") };

        var response = await Member.Client.SendAsync(request, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        var row = (await Server.Database.AuditRowsAsync(Ct)).Should().ContainSingle().Subject;
        row.Should().BeEquivalentTo(new
        {
            UserId = Member.Id,
            OrganizationId = Guid.Empty,
            ResourceType = resource,
            ResourceId = Guid.Empty,
            Target = "",
            Action = action,
            StatusCode = 403,
            Ip = "127.0.0.1",
        });
        row.Diff.Should().BeEmpty();
        row.RequestId.Should().Be(Guid.Parse(response.Header("X-Coder-Request-Id")));
    }

    [Theory]
    [InlineData("/api/v2/deployment/config")]
    [InlineData("/api/v2/connectionlog")]
    [InlineData("/api/v2/audit")]
    public async Task Refused_reads_are_not_recorded(string path)
    {
        await Member.Client.GetAsync(path, Ct);

        (await Server.Database.AuditRowsAsync(Ct)).Should().BeEmpty();
    }

    [Fact]
    public async Task Who_is_not_signed_in_leaves_no_entry()
    {
        var response = await Server.Anonymous.PostAsync("/api/v2/licenses", null, Ct);

        response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await Server.Database.AuditRowsAsync(Ct)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_command_that_did_not_come_through_HTTP_is_recorded_once_and_does_not_run()
    {
        await using var scope = Server.Services.CreateAsyncScope();
        var authenticator = scope.ServiceProvider.GetRequiredService<SessionAuthenticator>();
        var session = await authenticator.AuthenticateAsync(Member.Token, "127.0.0.1", Ct);
        var sender = scope.ServiceProvider.GetRequiredService<ISender>();

        var license = await sender.Send(new AddLicense(session.Session!.Actor, "secret"), Ct);
        var group = await sender.Send(new DeleteGroup(session.Session.Actor, "unknown"), Ct);

        (license.Error!.Message, group.Error!.Message).Should().Be(("Forbidden.", "Template RBAC is a Premium feature. Contact sales!"));
        (await Server.Database.AuditRowsAsync(Ct)).Select(r => (r.ResourceType, r.Action, r.StatusCode, r.UserId)).Should().BeEquivalentTo(
            [("license", "create", 403, Member.Id), ("group", "delete", 403, Member.Id)]);
    }

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(null, CancellationToken.None);
        using var owner = await _server.CreateOwnerAsync(CancellationToken.None);
        var license = _server.Mint.License(b => b.Empty().Feature("audit_log"));
        (await owner.PostAsJsonAsync("/api/v2/licenses", new { license }, CancellationToken.None)).EnsureSuccessStatusCode();
        _member = await _server.AddUserAsync(CancellationToken.None);
        await _server.Database.ExecuteAsync("truncate audit_logs", CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _member?.Dispose();
        await _server!.DisposeAsync();
    }
}
