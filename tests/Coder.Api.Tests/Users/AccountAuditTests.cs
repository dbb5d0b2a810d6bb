using Coder.Testing;

namespace Coder.Api.Tests.Users;

/// <summary>Every write to accounts and keys is recorded, and so is every attempt.</summary>
public sealed class AccountAuditTests : IAsyncLifetime
{
    private const string NewPassword = "AnotherSecurePassword?";
    private TestServer? _server;
    private HttpClient? _owner;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TestServer Server => _server!;

    private HttpClient Owner => _owner!;

    [Fact]
    public async Task Writes_to_an_account_are_recorded_with_what_changed()
    {
        var target = await Server.AddUserAsync(new NewTestUser { Username = "target", Password = TestServer.OwnerPassword }, Ct);
        var path = $"/api/v2/users/{target.Id}";
        var organization = await Server.Database.DefaultOrganizationAsync(Ct);

        await TickAsync(Owner.PutJsonAsync($"{path}/profile", """{"username":"renamed","name":"N"}""", Ct));
        await TickAsync(Owner.PutJsonAsync($"{path}/roles", """{"roles":["auditor"]}""", Ct));
        await TickAsync(Owner.PutAsync($"{path}/status/activate", null, Ct));
        await TickAsync(Owner.PutAsync($"{path}/status/suspend", null, Ct));
        await TickAsync(Owner.PutJsonAsync($"{path}/password", $$"""{"password":"{{NewPassword}}"}""", Ct));
        await TickAsync(Owner.PutJsonAsync($"{path}/appearance", """{"theme_preference":"a","terminal_font":"fira-code"}""", Ct));
        await TickAsync(Owner.DeleteAsync(path, Ct));
        await TickAsync(Owner.PostJsonAsync(
            "/api/v2/users",
            $$"""{"email":"b@example.com","username":"born","password":"{{NewPassword}}","organization_ids":["{{organization}}"]}""",
            Ct));

        var rows = await Server.Database.AuditRowsAsync("user", Ct);
        rows.Select(r => (r.Action, r.StatusCode, r.Target)).Should().Equal(
            ("write", 200, "target"),
            ("write", 200, "renamed"),
            ("write", 200, "renamed"),
            ("write", 204, "renamed"),
            ("write", 200, "renamed"),
            ("delete", 200, "renamed"),
            ("create", 201, "born"));
        rows.Take(6).Should().OnlyContain(r => r.ResourceId == target.Id, "to make an active user active changes nothing");
        rows[0].Diff.Select(f => f.Key).Should().BeEquivalentTo("username", "name");
        rows[1].Diff.Select(f => f.Key).Should().Equal("rbac_roles");
        rows[2].Diff.Select(f => f.Key).Should().Equal("status");
        rows[3].Diff.Select(f => f.Key).Should().Equal("hashed_password");
        rows[3].Diff.ToJsonString().Should().Contain("\"secret\":true");
        rows[5].Diff["username"]!["old"]!.GetValue<string>().Should().Be("renamed");
        rows[6].Diff["username"]!["new"]!.GetValue<string>().Should().Be("born");
        rows.Should().NotContain(r => r.Diff.ToJsonString().Contains(NewPassword, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Attempts_on_an_account_are_recorded_with_their_status()
    {
        var caller = await Server.AddUserAsync(roles: ["auditor"], Ct);
        var target = await Server.AddUserAsync(new NewTestUser { Username = "target" }, Ct);
        var path = $"/api/v2/users/{target.Id}";

        await TickAsync(caller.Client.PutJsonAsync($"{path}/profile", """{"username":"renamed"}""", Ct));
        await TickAsync(caller.Client.PutJsonAsync($"{path}/roles", """{"roles":["auditor"]}""", Ct));
        await TickAsync(caller.Client.PutAsync($"{path}/status/suspend", null, Ct));
        await TickAsync(caller.Client.PutJsonAsync($"{path}/password", $$"""{"password":"{{NewPassword}}"}""", Ct));
        await TickAsync(caller.Client.PutJsonAsync($"{path}/appearance", """{"theme_preference":"a","terminal_font":"fira-code"}""", Ct));
        await TickAsync(caller.Client.DeleteAsync(path, Ct));
        await TickAsync(caller.Client.PostJsonAsync("/api/v2/users", """{"email":"b@example.com","username":"born"}""", Ct));

        var rows = await Server.Database.AuditRowsAsync("user", Ct);
        rows.Select(r => (r.Action, r.StatusCode, r.Target)).Should().Equal(
            ("write", 403, "target"),
            ("write", 403, "target"),
            ("write", 403, "target"),
            ("write", 404, "target"),
            ("write", 403, "target"),
            ("delete", 403, "target"),
            ("create", 403, "born"));
        rows.Should().OnlyContain(r => r.UserId == caller.Id && r.Diff.Count == 0);
    }

    [Fact]
    public async Task Keys_that_are_made_and_deleted_are_recorded()
    {
        var user = await Server.AddUserAsync(Ct);
        var keys = "/api/v2/users/me/keys";

        var session = await (await TickAsync(user.Client.PostAsync(keys, null, Ct))).JsonAsync(Ct);
        await TickAsync(user.Client.PostJsonAsync($"{keys}/tokens", """{"token_name":"ci"}""", Ct));
        await TickAsync(user.Client.PostJsonAsync($"{keys}/tokens", """{"token_name":"ci"}""", Ct));
        await TickAsync(user.Client.DeleteAsync($"{keys}/{session["key"]!.GetValue<string>()[..10]}", Ct));
        await TickAsync(user.Client.DeleteAsync($"{keys}/0123456789", Ct));
        await TickAsync(user.Client.DeleteAsync("/api/v2/users/me/sessions", Ct));

        var rows = await Server.Database.AuditRowsAsync("api_key", Ct);
        rows.Select(r => (r.Action, r.StatusCode, r.Target)).Should().Equal(
            ("create", 201, ""), ("create", 201, "ci"), ("create", 409, "ci"), ("delete", 204, ""), ("delete", 404, ""), ("delete", 204, ""));
        rows.Should().OnlyContain(r => r.ResourceId == user.Id && r.UserId == user.Id);
        rows[0].Diff.Select(f => f.Key).Should().BeEquivalentTo("created_at", "expires_at", "user_id");
        rows[5].AdditionalFields["ended_sessions"]!.GetValue<int>().Should().Be(1);
    }

    [Fact]
    public async Task Keys_that_nobody_may_make_or_end_are_recorded_as_attempts()
    {
        var caller = await Server.AddUserAsync(roles: ["auditor"], Ct);
        var target = await Server.AddUserAsync(Ct);

        await TickAsync(caller.Client.PostAsync($"/api/v2/users/{target.Id}/keys", null, Ct));
        await TickAsync(caller.Client.DeleteAsync($"/api/v2/users/{target.Id}/sessions", Ct));

        (await Server.Database.AuditRowsAsync("api_key", Ct)).Select(r => (r.Action, r.StatusCode, r.ResourceId)).Should().Equal(
            ("create", 403, target.Id), ("delete", 403, target.Id));
    }

    // Entries of one moment have no order.
    private async Task<HttpResponseMessage> TickAsync(Task<HttpResponseMessage> call)
    {
        var response = await call;
        Server.Clock.Advance(TimeSpan.FromMilliseconds(1));
        return response;
    }

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(null, Ct);
        _owner = await Server.CreateOwnerAsync(Ct);
        await Server.StartAuditingAsync(Owner, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        _owner?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
