using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Coder.Application.Users;
using Coder.Domain.Users;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Api.Tests.AuditLogs;

public sealed class AuditTrailTests : IAsyncLifetime
{
    private TestServer? _server;
    private HttpClient? _owner;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TestServer Server => _server!;

    private HttpClient Owner => _owner!;

    [Fact]
    public async Task Nothing_is_recorded_without_a_license()
    {
        await Owner.PostAsync("/api/v2/users/logout", null, Ct);

        (await Server.Database.AuditRowsAsync(Ct)).Should().BeEmpty();
    }

    [Fact]
    public async Task The_upload_that_switches_auditing_on_is_recorded_itself()
    {
        var response = await UploadAsync(Server.Mint.License());

        var license = (await response.JsonAsync(Ct))["uuid"]!.GetValue<Guid>();
        var row = (await Server.Database.AuditRowsAsync(Ct)).Should().ContainSingle().Subject;
        row.Should().BeEquivalentTo(new { ResourceType = "license", ResourceId = license, Target = "1", Action = "create", StatusCode = 201 });
        row.Diff.Select(field => field.Key).Should().BeEquivalentTo("exp", "uploaded_at", "uuid");
    }

    [Fact]
    public async Task An_upload_that_does_not_license_auditing_is_not_recorded()
    {
        await UploadAsync(Server.Mint.License(b => b.Empty().Feature("scim")));

        (await Server.Database.AuditRowsAsync(Ct)).Should().BeEmpty();
    }

    [Fact]
    public async Task The_deletion_that_switches_auditing_off_is_recorded()
    {
        await Server.StartAuditingAsync(Owner, Ct);

        await Owner.DeleteAsync("/api/v2/licenses/1", Ct);

        var row = (await Server.Database.AuditRowsAsync("license", Ct)).Should().ContainSingle().Subject;
        row.Should().BeEquivalentTo(new { Action = "delete", StatusCode = 200, Target = "1" });
        row.Diff["uuid"]!["new"]!.GetValue<string>().Should().BeEmpty();
    }

    [Fact]
    public async Task An_entry_says_who_acted_from_where_and_in_which_request()
    {
        await Server.StartAuditingAsync(Owner, Ct);
        Owner.DefaultRequestHeaders.UserAgent.ParseAdd("curl/8");
        var me = (await (await Owner.GetAsync("/api/v2/users/me", Ct)).JsonAsync(Ct))["id"]!.GetValue<Guid>();

        var response = await Owner.DeleteAsync("/api/v2/licenses/1", Ct);

        var row = (await Server.Database.AuditRowsAsync(Ct)).Should().ContainSingle().Subject;
        row.Should().BeEquivalentTo(new { UserId = me, Ip = "127.0.0.1", UserAgent = "curl/8", OrganizationId = Guid.Empty });
        row.RequestId.ToString().Should().Be(response.Header("X-Coder-Request-Id"));
    }

    [Fact]
    public async Task An_attempt_that_fails_is_recorded_with_its_status_and_without_a_diff()
    {
        await Server.StartAuditingAsync(Owner, Ct);

        await UploadAsync("no license");

        var row = (await Server.Database.AuditRowsAsync(Ct)).Should().ContainSingle().Subject;
        row.Should().BeEquivalentTo(new { ResourceType = "license", Action = "create", StatusCode = 400 });
        row.Diff.Should().BeEmpty();
    }

    [Fact]
    public async Task An_attempt_without_permission_is_recorded()
    {
        await Server.StartAuditingAsync(Owner, Ct);
        var member = await Server.AddUserAsync(Ct);

        await member.Client.DeleteAsync("/api/v2/licenses/1", Ct);

        var row = (await Server.Database.AuditRowsAsync(Ct)).Should().ContainSingle().Subject;
        row.Should().BeEquivalentTo(new { UserId = member.Id, Action = "delete", StatusCode = 403, Target = "1" });
    }

    [Fact]
    public async Task Signing_in_and_out_is_recorded()
    {
        await Server.StartAuditingAsync(Owner, Ct);
        var user = await Server.AddUserAsync(new NewTestUser { Password = TestServer.OwnerPassword }, Ct);

        using var session = await Server.LogInAsync(user.Email, TestServer.OwnerPassword, Ct);
        Server.Clock.Advance(TimeSpan.FromSeconds(1));
        await session.PostAsync("/api/v2/users/logout", null, Ct);

        var rows = await Server.Database.AuditRowsAsync("api_key", Ct);
        rows.Select(r => (r.Action, r.StatusCode, r.UserId, r.ResourceId))
            .Should().Equal(("login", 201, user.Id, user.Id), ("logout", 200, user.Id, user.Id));
        rows[0].Diff.Select(field => field.Key).Should().BeEquivalentTo("created_at", "expires_at", "user_id");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_wrong_password_is_recorded_whether_or_not_there_is_such_a_user(bool exists)
    {
        await Server.StartAuditingAsync(Owner, Ct);

        await Server.Anonymous.PostAsJsonAsync(
            "/api/v2/users/login", new { email = exists ? "owner@example.com" : "nobody@example.com", password = "wrong" }, Ct);

        var row = (await Server.Database.AuditRowsAsync(Ct)).Should().ContainSingle().Subject;
        row.Should().BeEquivalentTo(new { ResourceType = "api_key", Action = "login", StatusCode = 401 });
        (row.UserId == Guid.Empty).Should().Be(!exists);
        JsonNode.Parse(row.Diff.ToJsonString())!.AsObject().Should().BeEmpty();
    }

    [Fact]
    public async Task A_dormant_user_who_wakes_is_recorded_as_background_work()
    {
        await Server.StartAuditingAsync(Owner, Ct);
        var user = await Server.AddUserAsync(new NewTestUser { Status = UserStatus.Dormant }, Ct);

        await user.Client.GetAsync("/api/v2/users/me", Ct);
        await Server.Services.GetRequiredService<ISessionActivity>().FlushAsync(Ct);

        var row = (await Server.Database.AuditRowsAsync("user", Ct)).Should().ContainSingle().Subject;
        row.Should().BeEquivalentTo(new { ResourceId = user.Id, Action = "write", RequestId = Guid.Empty, UserAgent = (string?)null });
        row.Diff.ToJsonString().Should().Be("""{"status":{"new":"active","old":"dormant","secret":false}}""");
        row.AdditionalFields["automatic_subsystem"]!.GetValue<string>().Should().Be("dormancy");
    }

    [Fact]
    public async Task A_dormant_user_who_signs_in_is_recorded_as_active_and_as_signed_in()
    {
        await Server.StartAuditingAsync(Owner, Ct);
        var user = await Server.AddUserAsync(new NewTestUser { Status = UserStatus.Dormant, Password = TestServer.OwnerPassword }, Ct);

        using var session = await Server.LogInAsync(user.Email, TestServer.OwnerPassword, Ct);

        var rows = await Server.Database.AuditRowsAsync(Ct);
        rows.Select(r => (r.ResourceType, r.Action, r.Target)).Should().Equal(("user", "write", user.Username), ("api_key", "login", ""));
        rows[0].Diff.ToJsonString().Should().Be("""{"status":{"new":"active","old":"dormant","secret":false}}""");
    }

    [Fact]
    public async Task A_user_agent_is_cut_to_256_characters()
    {
        await Server.StartAuditingAsync(Owner, Ct);
        Owner.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", new string('a', 1000));

        await Owner.DeleteAsync("/api/v2/licenses/1", Ct);

        (await Server.Database.AuditRowsAsync(Ct)).Should().ContainSingle().Which.UserAgent.Should().HaveLength(256);
    }

    [Fact]
    public async Task Reading_is_not_recorded()
    {
        await Server.StartAuditingAsync(Owner, Ct);

        await Owner.GetAsync("/api/v2/licenses", Ct);
        await Server.Anonymous.GetAsync("/api/v2/users/me", Ct);

        (await Server.Database.AuditRowsAsync(Ct)).Should().BeEmpty();
    }

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(null, Ct);
        _owner = await Server.CreateOwnerAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        _owner?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private Task<HttpResponseMessage> UploadAsync(string license) => Owner.PostAsJsonAsync("/api/v2/licenses", new { license }, Ct);
}
