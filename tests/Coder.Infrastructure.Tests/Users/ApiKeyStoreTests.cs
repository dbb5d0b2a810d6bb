using Coder.Application.Users;
using Coder.Domain.Authorization;
using Coder.Domain.Users;
using Coder.Infrastructure.Users;
using Coder.Testing;
using Npgsql;
using NSubstitute;

namespace Coder.Infrastructure.Tests.Users;

public sealed class ApiKeyStoreTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] Auditor = ["auditor"];

    private readonly ApiKeyStore _keys = new(fixture.NewSession());

    private TestDatabase Database => fixture.Database;

    [Fact]
    public async Task A_key_is_read_with_everything_that_decisions_about_its_user_need()
    {
        var user = await Database.AddUserAsync(
            new NewTestUser { Roles = Auditor, OrganizationRoles = ["organization-admin", "own-role"], Username = "everything" }, Now, Ct);
        var first = await Database.DefaultOrganizationAsync(Ct);
        var second = await Database.AddOrganizationAsync("second", Ct);
        await Database.AddMemberAsync(second, user.Id, [], Ct);
        await Database.AddCustomRoleAsync(first, "own-role", ["template:read", "gone_type:read"], Ct);
        await Database.AddCustomRoleAsync(first, "not-assigned", ["template:update"], Ct);
        var group = await Database.AddGroupAsync(first, "group-of-everything", [user.Id], Ct);
        var key = new NewApiKey("KeyOfEvery", [1, 2, 3], user.Id, LoginType.Password, Now, TimeSpan.FromHours(2), "192.0.2.1");

        await _keys.AddAsync(key, Ct);
        var session = await _keys.FindSessionAsync(key.Id, Ct);

        session.Should().BeEquivalentTo(new
        {
            KeyId = key.Id,
            HashedSecret = new byte[] { 1, 2, 3 },
            ExpiresAt = Now.AddHours(2),
            LastUsed = DateTimeOffset.MinValue,
            Lifetime = TimeSpan.FromHours(2),
            Scope = KeyScope.All,
            Groups = new[] { group },
        });
        session!.User.Should().BeEquivalentTo(await new UserStore(fixture.NewSession()).FindAsync(user.Id, Ct), o => o.WithStrictOrdering());
        session.User.Roles.Should().Equal(Auditor);
        session.Organizations.Select(o => (o.Organization, string.Join(' ', o.Roles))).Should().BeEquivalentTo(
            [(first, "organization-admin own-role"), (second, "")]);
        var role = session.CustomRoles.Should().ContainSingle().Which;
        role.Should().BeEquivalentTo(new { Name = "own-role", DisplayName = "own-role", Organization = first });
        role.Permissions.Should().Equal(new PermissionRule(Negate: false, ResourceType.Template, PermissionAction.Read));
    }

    [Fact]
    public async Task A_user_without_roles_organizations_and_groups_has_empty_lists()
    {
        var user = await Database.AddUserAsync(new NewTestUser { IsMember = false, Scope = KeyScope.ApplicationConnect }, Now, Ct);

        var session = await _keys.FindSessionAsync(user.Token.Id, Ct);

        session!.Scope.Should().BeSameAs(KeyScope.ApplicationConnect);
        session.User.Roles.Should().BeEmpty();
        session.Organizations.Should().BeEmpty();
        session.Groups.Should().BeEmpty();
        session.CustomRoles.Should().BeEmpty();
    }

    [Fact]
    public async Task A_limited_key_keeps_what_it_may_do_and_to_what()
    {
        var user = await Database.AddUserAsync(new NewTestUser(), Now, Ct);
        var scope = KeyScope.Of(["workspace:read", "template:*"], [$"workspace:{user.Id}", "template:*"]);
        var key = new NewApiKey("limited001", [1, 2, 3], user.Id, LoginType.Token, Now, TimeSpan.FromHours(1), "127.0.0.1")
        {
            Scope = scope,
        };

        await _keys.AddAsync(key, Ct);
        var read = (await _keys.FindSessionAsync(key.Id, Ct))!.Scope;

        read.IsLimited.Should().BeTrue();
        read.Scopes.Should().Equal(scope.Scopes);
        read.Allowed.Should().Equal(scope.Allowed);
    }

    [Theory]
    [InlineData("0000000000")]
    [InlineData("")]
    [InlineData("' or true --")]
    public async Task An_unknown_key_is_not_found(string id) => (await _keys.FindSessionAsync(id, Ct)).Should().BeNull();

    [Fact]
    public async Task Ids_of_keys_compare_with_regard_to_case()
    {
        var user = await Database.AddUserAsync(new NewTestUser(), Now, Ct);
        await _keys.AddAsync(new NewApiKey("CaseOfAkey", [1], user.Id, LoginType.Password, Now, TimeSpan.FromHours(2), "::1"), Ct);

        (await _keys.FindSessionAsync("caseofakey", Ct)).Should().BeNull();
    }

    [Fact]
    public async Task A_custom_role_of_one_organization_counts_there_and_nowhere_else()
    {
        var first = await Database.AddOrganizationAsync("custom-first", Ct);
        var second = await Database.AddOrganizationAsync("custom-second", Ct);
        await Database.AddCustomRoleAsync(first, "auditing", ["audit_log:read"], Ct);
        await Database.AddCustomRoleAsync(second, "auditing", ["connection_log:read"], Ct);
        var user = await Database.AddUserAsync(new NewTestUser { IsMember = false }, Now, Ct);
        await Database.AddMemberAsync(first, user.Id, ["auditing"], Ct);
        await Database.AddMemberAsync(second, user.Id, [], Ct);

        var actor = await AuthenticateAsync(user);

        Authorizer.Can(actor, PermissionAction.Read, new ObjectRef(ResourceType.AuditLog) { Organization = first }).Should().BeTrue();
        Authorizer.Can(actor, PermissionAction.Read, new ObjectRef(ResourceType.AuditLog) { Organization = second }).Should().BeFalse();
        Authorizer.Can(actor, PermissionAction.Read, new ObjectRef(ResourceType.AuditLog)).Should().BeFalse();
        Authorizer.Can(actor, PermissionAction.Read, new ObjectRef(ResourceType.ConnectionLog) { Organization = second }).Should().BeFalse();
    }

    [Fact]
    public async Task Deleting_a_custom_role_takes_it_from_all_members_of_its_organization_only()
    {
        var first = await Database.AddOrganizationAsync("dropping-first", Ct);
        var second = await Database.AddOrganizationAsync("dropping-second", Ct);
        await Database.AddCustomRoleAsync(first, "dropped", ["audit_log:read"], Ct);
        await Database.AddCustomRoleAsync(second, "dropped", ["audit_log:read"], Ct);
        var user = await Database.AddUserAsync(new NewTestUser { IsMember = false }, Now, Ct);
        await Database.AddMemberAsync(first, user.Id, ["dropped", "organization-auditor"], Ct);
        await Database.AddMemberAsync(second, user.Id, ["dropped"], Ct);

        await Database.ExecuteAsync("delete from custom_roles where organization_id = $1", Ct, first);

        var session = await _keys.FindSessionAsync(user.Token.Id, Ct);
        session!.Organizations.Select(o => (o.Organization, string.Join(' ', o.Roles))).Should().BeEquivalentTo(
            [(first, "organization-auditor"), (second, "dropped")]);
        session.CustomRoles.Should().ContainSingle().Which.Organization.Should().Be(second);
    }

    [Fact]
    public async Task Leaving_an_organization_ends_the_membership_in_its_groups_only()
    {
        var first = await Database.AddOrganizationAsync("leaving-first", Ct);
        var second = await Database.AddOrganizationAsync("leaving-second", Ct);
        var user = await Database.AddUserAsync(new NewTestUser { IsMember = false }, Now, Ct);
        var stays = await Database.AddUserAsync(new NewTestUser { IsMember = false }, Now, Ct);
        await Database.AddMemberAsync(first, user.Id, [], Ct);
        await Database.AddMemberAsync(second, user.Id, [], Ct);
        await Database.AddMemberAsync(first, stays.Id, [], Ct);
        var left = await Database.AddGroupAsync(first, "left", [user.Id, stays.Id], Ct);
        var kept = await Database.AddGroupAsync(second, "kept", [user.Id], Ct);

        await Database.ExecuteAsync("delete from organization_members where organization_id = $1 and user_id = $2", Ct, first, user.Id);

        (await _keys.FindSessionAsync(user.Token.Id, Ct))!.Groups.Should().Equal(kept);
        (await _keys.FindSessionAsync(stays.Token.Id, Ct))!.Groups.Should().Equal(left);
    }

    [Fact]
    public async Task Deleting_a_user_ends_the_keys_and_no_new_one_can_be_added()
    {
        var user = await Database.AddUserAsync(new NewTestUser(), Now, Ct);
        var other = await Database.AddUserAsync(new NewTestUser(), Now, Ct);

        await Database.ExecuteAsync("update users set deleted = true where id = $1", Ct, user.Id);
        var add = () => _keys.AddAsync(new NewApiKey("KeyTooLate", [1], user.Id, LoginType.Password, Now, TimeSpan.FromHours(1), "::1"), Ct);

        (await Database.ScalarAsync<long>("select count(*) from api_keys where user_id = $1", Ct, user.Id)).Should().Be(0);
        (await add.Should().ThrowAsync<PostgresException>()).Which.Should().BeEquivalentTo(
            new { SqlState = PostgresErrorCodes.ForeignKeyViolation, ConstraintName = "api_keys_user_deleted" });
        (await _keys.FindSessionAsync(other.Token.Id, Ct)).Should().NotBeNull();
    }

    [Fact]
    public async Task Ending_a_session_deletes_its_key_and_what_only_opens_applications()
    {
        var user = await Database.AddUserAsync(new NewTestUser(), Now, Ct);
        var other = await Database.AddUserAsync(new NewTestUser { Scope = KeyScope.ApplicationConnect }, Now, Ct);
        var session = await Database.AddKeyAsync(user.Id, KeyScope.All, Now, TimeSpan.FromHours(1), Ct);
        var application = await Database.AddKeyAsync(user.Id, KeyScope.ApplicationConnect, Now, TimeSpan.FromHours(1), Ct);

        await _keys.EndSessionAsync(user.Token.Id, user.Id, Ct);

        (await _keys.FindSessionAsync(user.Token.Id, Ct)).Should().BeNull();
        (await _keys.FindSessionAsync(application.Id, Ct)).Should().BeNull();
        (await _keys.FindSessionAsync(session.Id, Ct)).Should().NotBeNull();
        (await _keys.FindSessionAsync(other.Token.Id, Ct)).Should().NotBeNull();
    }

    private async Task<Actor> AuthenticateAsync(TestAccount user)
    {
        var options = new SessionOptions(TimeSpan.FromHours(24), DisableExpiryRefresh: false, DisablePasswordAuth: false);
        var clock = Substitute.For<TimeProvider>();
        clock.GetUtcNow().Returns(Now);
        var authenticator = new SessionAuthenticator(
            _keys, Substitute.For<ISessionActivity>(), options, AuthorizationOptions.Default, clock);
        return (await authenticator.AuthenticateAsync(user.Token.Reveal(), "::1", Ct)).Session!.Actor;
    }
}
