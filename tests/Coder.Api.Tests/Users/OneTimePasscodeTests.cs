using System.Net;
using Coder.Api.Tests.Licensing;
using Coder.Application.Users;
using Coder.Domain.Users;
using Coder.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Api.Tests.Users;

/// <summary>A new password for those who forgot theirs: docs/spec/platform.md, section 8.1.</summary>
public sealed class OneTimePasscodeTests(OutboxFixture fixture) : IClassFixture<OutboxFixture>
{
    private const string Old = TestServer.OwnerPassword;
    private const string New = "AnotherSecurePassword?";
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task A_passcode_sets_a_new_password_once_and_ends_every_session()
    {
        using var user = await Server.AddUserAsync(new NewTestUser { Password = Old }, Ct);
        var passcode = await PasscodeAsync(user);

        var first = await ChangeAsync(user.Email.ToUpperInvariant(), passcode, New);
        var second = await ChangeAsync(user.Email, passcode, New + "!");

        first.StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await first.Content.ReadAsByteArrayAsync(Ct)).Should().BeEmpty();
        await RefusedAsync(second, "Incorrect email or one-time passcode.");
        (await user.Client.GetAsync("/api/v2/users/me", Ct)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await Server.LogInAsync(user.Email, New, Ct)).Dispose();
    }

    [Fact]
    public async Task The_answer_to_a_request_is_the_same_for_every_address()
    {
        using var user = await Server.AddUserAsync(new NewTestUser { Password = Old }, Ct);
        using var suspended = await Server.AddUserAsync(new NewTestUser { Password = Old, Status = UserStatus.Suspended }, Ct);
        using var machine = await Server.AddUserAsync(new NewTestUser { LoginType = LoginType.None }, Ct);

        foreach (var email in new[] { user.Email, suspended.Email, machine.Email, "nobody@example.com", "prebuilds@example.com" })
        {
            var response = await RequestAsync(email);

            response.StatusCode.Should().Be(HttpStatusCode.NoContent);
            (await response.Content.ReadAsByteArrayAsync(Ct)).Should().BeEmpty();
        }

        // Requests are served one after the other: with the last one all are.
        using var last = await Server.AddUserAsync(new NewTestUser { Password = Old }, Ct);
        await PasscodeAsync(last);
        fixture.FilesTo(user.Email).Should().ContainSingle();
        fixture.FilesTo(suspended.Email).Should().BeEmpty();
        fixture.FilesTo(machine.Email).Should().BeEmpty();
        fixture.FilesTo("nobody@example.com").Should().BeEmpty();
    }

    [Fact]
    public async Task The_passcode_is_stored_as_a_hash_and_neither_logged_nor_recorded()
    {
        using var user = await Server.AddUserAsync(new NewTestUser { Password = Old }, Ct);

        var passcode = await PasscodeAsync(user);

        var hash = await Server.Database.ScalarAsync<byte[]>("select hashed_one_time_passcode from users where id = $1", Ct, user.Id);
        hash.Should().Equal(OneTimePasscode.Hash(passcode));
        passcode.Should().MatchRegex("^[A-Za-z0-9]{22}$");
        var logged = await Eventually.ReadAsync(
            () => Task.FromResult(fixture.Logs.Lines),
            lines => lines.Any(line => line.Contains($"A one-time passcode for {user.Username} was put", StringComparison.Ordinal)),
            Ct);
        logged.Should().Contain(line => line.Contains($"A one-time passcode for {user.Username} was put", StringComparison.Ordinal));
        logged.Should().NotContain(line => line.Contains(passcode, StringComparison.Ordinal));
        var rows = await Server.Database.AuditRowsAsync("user", Ct);
        var row = rows.Should().ContainSingle(r => r.ResourceId == user.Id).Subject;
        row.Should().BeEquivalentTo(
            new { Action = "request_password_reset", StatusCode = 204, UserId = user.Id, Target = user.Username, Ip = "127.0.0.1" });
        row.RequestId.Should().NotBeEmpty("the entry belongs to the request that was answered before");
        row.Diff.Should().BeEmpty();
    }

    [Fact]
    public async Task A_message_is_for_the_account_of_the_server_alone()
    {
        using var user = await Server.AddUserAsync(new NewTestUser { Password = Old }, Ct);

        await PasscodeAsync(user);

        var file = fixture.FilesTo(user.Email).Should().ContainSingle().Subject;
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(file).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.GetUnixFileMode(fixture.Folder).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var headers = (await File.ReadAllTextAsync(file, Ct)).Split("\r\n\r\n")[0].Split("\r\n");
        headers.Should().Contain(
            [$"To: {user.Email}", "Subject: Your one-time passcode", "Content-Type: text/plain; charset=utf-8"]);
    }

    [Fact]
    public async Task A_passcode_ends_after_20_minutes_and_its_message_goes_with_the_next_one()
    {
        using var user = await Server.AddUserAsync(new NewTestUser { Password = Old }, Ct);
        var passcode = await PasscodeAsync(user);
        var file = fixture.FilesTo(user.Email).Should().ContainSingle().Subject;

        Server.Clock.Advance(TimeSpan.FromMinutes(20) + TimeSpan.FromSeconds(1));
        var late = await ChangeAsync(user.Email, passcode, New);
        var next = await PasscodeAsync(user, without: file);

        await RefusedAsync(late, "Incorrect email or one-time passcode.");
        File.Exists(file).Should().BeFalse();
        (await ChangeAsync(user.Email, next, New)).StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Within_a_minute_there_is_no_second_passcode_and_then_it_takes_the_place_of_the_first()
    {
        using var user = await Server.AddUserAsync(new NewTestUser { Password = Old }, Ct);
        var first = await PasscodeAsync(user);
        var file = fixture.FilesTo(user.Email).Should().ContainSingle().Subject;

        await RequestAsync(user.Email);
        using var other = await Server.AddUserAsync(new NewTestUser { Password = Old }, Ct);
        await PasscodeAsync(other);
        var afterSecond = fixture.FilesTo(user.Email);
        Server.Clock.Advance(OneTimePasscode.Pause);
        var third = await PasscodeAsync(user, without: file);

        afterSecond.Should().Equal(file);
        await RefusedAsync(await ChangeAsync(user.Email, first, New), "Incorrect email or one-time passcode.");
        (await ChangeAsync(user.Email, third, New)).StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("""update users set status = 'suspended' where id = $1""")]
    [InlineData("""update users set login_type = 'none' where id = $1""")]
    [InlineData("""update users set deleted = true where id = $1""")]
    public async Task A_passcode_is_of_no_use_to_whoever_may_not_sign_in_any_more(string change)
    {
        using var user = await Server.AddUserAsync(new NewTestUser { Password = Old }, Ct);
        var passcode = await PasscodeAsync(user);
        await Server.Database.ExecuteAsync(change, Ct, user.Id);

        await RefusedAsync(await ChangeAsync(user.Email, passcode, New), "Incorrect email or one-time passcode.");
    }

    [Fact]
    public async Task A_password_that_was_changed_otherwise_and_a_new_address_take_the_passcode_away()
    {
        using var admin = await Server.AddUserAsync(roles: ["user-admin"], Ct);
        using var changed = await Server.AddUserAsync(new NewTestUser { Password = Old }, Ct);
        using var moved = await Server.AddUserAsync(new NewTestUser { Password = Old }, Ct);
        using var renamed = await Server.AddUserAsync(new NewTestUser { Password = Old }, Ct);
        var ofChanged = await PasscodeAsync(changed);
        var ofMoved = await PasscodeAsync(moved);
        var ofRenamed = await PasscodeAsync(renamed);

        await admin.Client.PutJsonAsync($"/api/v2/users/{changed.Id}/password", $$"""{"password":"{{New}}"}""", Ct);
        await admin.Client.PutJsonAsync(
            $"/api/v2/users/{moved.Id}/profile", $$"""{"username":"{{moved.Username}}","email":"new-{{moved.Email}}"}""", Ct);
        await admin.Client.PutJsonAsync($"/api/v2/users/{renamed.Id}/profile", """{"username":"renamed"}""", Ct);

        await RefusedAsync(await ChangeAsync(changed.Email, ofChanged, New + "!"), "Incorrect email or one-time passcode.");
        await RefusedAsync(await ChangeAsync($"new-{moved.Email}", ofMoved, New), "Incorrect email or one-time passcode.");
        (await ChangeAsync(renamed.Email, ofRenamed, New)).StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("password", "Invalid password.", "password")]
    [InlineData(Old, "New password cannot match old password.", null)]
    public async Task A_password_that_would_not_be_taken_leaves_the_passcode(string next, string message, string? field)
    {
        using var user = await Server.AddUserAsync(new NewTestUser { Password = Old }, Ct);
        var passcode = await PasscodeAsync(user);

        var problem = await (await ChangeAsync(user.Email, passcode, next)).ProblemAsync(Ct);

        (problem.Status, problem.Message).Should().Be((HttpStatusCode.BadRequest, message));
        problem.Validations.Select(v => v.Field).Should().Equal(field is null ? [] : [field]);
        (await ChangeAsync(user.Email, passcode, New)).StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Of_two_who_use_one_passcode_at_once_one_sets_the_password()
    {
        using var user = await Server.AddUserAsync(new NewTestUser { Password = Old }, Ct);
        var passcode = await PasscodeAsync(user);

        var answers = await Task.WhenAll(ChangeAsync(user.Email, passcode, New), ChangeAsync(user.Email, passcode, New + "!"));

        answers.Select(a => a.StatusCode).Should().BeEquivalentTo([HttpStatusCode.NoContent, HttpStatusCode.BadRequest]);
    }

    [Fact]
    public async Task Changes_and_wrong_passcodes_are_recorded_whether_or_not_there_is_such_an_account()
    {
        using var user = await Server.AddUserAsync(new NewTestUser { Password = Old }, Ct);
        var passcode = await PasscodeAsync(user);

        await ChangeAsync(user.Email, "wrong", New);
        await ChangeAsync("nobody@example.com", "wrong", New);
        await ChangeAsync(user.Email, passcode, New);

        var rows = (await Server.Database.AuditRowsAsync("user", Ct)).Where(r => r.Action == "write").ToList();
        rows.Should().Contain(r => r.ResourceId == Guid.Empty && r.StatusCode == 400);
        var own = rows.Where(r => r.ResourceId == user.Id).ToList();
        own.Select(r => r.StatusCode).Should().Equal(400, 204);
        own[1].Diff.Should().ContainSingle().Which.Key.Should().Be("hashed_password");
        own[1].Diff.ToJsonString().Should().NotContain(New);
    }

    [Theory]
    [InlineData("request", "{}", "email")]
    [InlineData("request", """{"email":"no address"}""", "email")]
    [InlineData("change-password", """{"email":"a@example.com","password":"x"}""", "one_time_passcode")]
    [InlineData("change-password", """{"email":"a@example.com","one_time_passcode":"x"}""", "password")]
    [InlineData("change-password", """{"one_time_passcode":"x","password":"y"}""", "email")]
    public async Task Fields_are_needed(string action, string body, string field)
    {
        var problem = await (await Server.Anonymous.PostJsonAsync($"/api/v2/users/otp/{action}", body, Ct)).ProblemAsync(Ct);

        (problem.Status, problem.Message).Should().Be((HttpStatusCode.BadRequest, "Validation failed."));
        problem.Validations.Select(v => v.Field).Should().Equal(field);
    }

    [Fact]
    public async Task Where_nobody_signs_in_with_a_password_nobody_gets_a_new_one()
    {
        await using var server = await TestServer.StartAsync(o => o.DisablePasswordAuth = "true", Ct);

        var request = await server.Anonymous.PostJsonAsync("/api/v2/users/otp/request", """{"email":"a@example.com"}""", Ct);
        var change = await server.Anonymous.PostJsonAsync(
            "/api/v2/users/otp/change-password", $$"""{"email":"a@example.com","one_time_passcode":"x","password":"{{New}}"}""", Ct);

        foreach (var problem in new[] { await request.ProblemAsync(Ct), await change.ProblemAsync(Ct) })
        {
            (problem.Status, problem.Message).Should().Be((HttpStatusCode.Forbidden, "Password authentication is disabled."));
        }
    }

    [Fact]
    public async Task Requests_that_were_answered_are_served_before_the_server_ends()
    {
        await using var server = await TestServer.StartAsync(o => o.EmailOutbox = fixture.Folder, Ct);
        using var user = await server.AddUserAsync(new NewTestUser { Password = Old }, Ct);
        var requests = server.Services.GetRequiredService<PasscodeRequests>();

        requests.TryAdd(new PasscodeRequest(user.Email, new(null, null, Guid.Empty))).Should().BeTrue();
        await server.StopAsync();

        fixture.FilesTo(user.Email).Should().ContainSingle();
    }

    [Fact]
    public async Task A_passcode_that_could_not_be_sent_is_withdrawn_and_the_next_one_need_not_wait()
    {
        var folder = $"{fixture.Folder}-blocked";
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        await File.WriteAllTextAsync(folder, "in the way", Ct);
        using var logs = new TestLogs();
        await using var server = await TestServer.StartAsync(o => o.EmailOutbox = folder, Ct, logs.Listen);
        using var user = await server.AddUserAsync(new NewTestUser { Password = Old }, Ct);
        var before = OneTimePasscode.Hash("sent before");
        await server.Database.ExecuteAsync(
            "update users set hashed_one_time_passcode = $2, one_time_passcode_expires_at = $3 where id = $1",
            Ct,
            user.Id,
            before,
            server.Clock.GetUtcNow() + TimeSpan.FromMinutes(5));

        await RequestAsync(server, user.Email);
        await Eventually.ReadAsync(
            () => Task.FromResult(logs.Lines),
            lines => lines.Any(line => line.Contains("PasscodeService", StringComparison.Ordinal)),
            Ct);
        var kept = await HashAsync();
        File.Delete(folder);
        await RequestAsync(server, user.Email);
        var files = await Eventually.ReadAsync(
            () => Task.FromResult(Directory.Exists(folder) ? Directory.GetFiles(folder, "*.eml") : []), found => found.Length > 0, Ct);

        kept.Should().Equal(before, "whoever has the passcode of an earlier message may still use it");
        files.Should().ContainSingle();
        (await HashAsync()).Should().NotEqual(before);

        Task<byte[]?> HashAsync() =>
            server.Database.ScalarAsync<byte[]?>("select hashed_one_time_passcode from users where id = $1", Ct, user.Id);
    }

    private static async Task RefusedAsync(HttpResponseMessage response, string message) =>
        (await response.ProblemAsync(Ct)).Should().BeEquivalentTo(new Problem(HttpStatusCode.BadRequest, message, null, []));

    private Task<HttpResponseMessage> RequestAsync(string email) => RequestAsync(Server, email);

    private static Task<HttpResponseMessage> RequestAsync(TestServer server, string email) =>
        server.Anonymous.PostJsonAsync("/api/v2/users/otp/request", $$"""{"email":"{{email}}"}""", Ct);

    private Task<HttpResponseMessage> ChangeAsync(string email, string passcode, string password) => Server.Anonymous.PostJsonAsync(
        "/api/v2/users/otp/change-password",
        $$"""{"email":"{{email}}","one_time_passcode":"{{passcode}}","password":"{{password}}"}""",
        Ct);

    private async Task<string> PasscodeAsync(TestUser user, string? without = null)
    {
        (await RequestAsync(user.Email)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        var files = await Eventually.ReadAsync(
            () => Task.FromResult(fixture.FilesTo(user.Email).Where(f => f != without).ToList()), found => found.Count > 0, Ct);
        var lines = (await File.ReadAllTextAsync(files.Should().ContainSingle().Subject, Ct)).Split("\r\n");
        return lines[Array.FindIndex(lines, line => line.StartsWith("This passcode", StringComparison.Ordinal)) + 2];
    }
}
