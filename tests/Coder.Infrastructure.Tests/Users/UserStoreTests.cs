using System.Data;
using Coder.Application.Users;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;
using Coder.Infrastructure.Users;
using Coder.Testing;

namespace Coder.Infrastructure.Tests.Users;

public sealed class UserStoreTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Prebuilds = Guid.Parse("c42fdf75-3097-471c-8c33-fb52454d81c0");

    private readonly UserStore _users = new(fixture.NewSession());

    private TestDatabase Database => fixture.Database;

    [Fact]
    public async Task An_added_user_is_read_as_it_was_given_with_its_organization()
    {
        var user = await NewUserAsync("Olga-1");

        var isAdded = await _users.AddAsync(user, Ct);

        isAdded.Should().BeTrue();
        (await _users.FindAsync(user.Id, Ct)).Should().BeEquivalentTo(new User
        {
            Id = user.Id,
            Username = "Olga-1",
            Email = "Olga-1@example.com",
            Name = "Olga Owner",
            AvatarUrl = "",
            CreatedAt = Now,
            UpdatedAt = Now,
            LastSeenAt = DateTimeOffset.MinValue,
            Status = UserStatus.Dormant,
            LoginType = LoginType.Oidc,
            Roles = ["auditor", "owner"],
            OrganizationIds = [user.OrganizationId],
        });
    }

    [Theory]
    [InlineData("TAKEN-NAME", "free@example.com")]
    [InlineData("free-name", "Taken-Name@Example.com")]
    [InlineData("prebuilds", "free@example.com")]
    public async Task A_name_or_address_that_differs_only_in_case_is_taken_and_nothing_is_added(string username, string email)
    {
        await Database.ExecuteAsync("delete from users where username = 'taken-name'", Ct);
        await _users.AddAsync(await NewUserAsync("taken-name"), Ct);
        var second = await NewUserAsync("second") with { Username = username, Email = email };

        var isAdded = await _users.AddAsync(second, Ct);

        isAdded.Should().BeFalse();
        (await _users.FindAsync(second.Id, Ct)).Should().BeNull();
        (await Database.ScalarAsync<long>("select count(*) from organization_members where user_id = $1", Ct, second.Id)).Should().Be(0);
    }

    [Fact]
    public async Task The_name_and_address_of_a_deleted_user_are_free()
    {
        var first = await Database.AddUserAsync(new NewTestUser { Username = "leaver" }, Now, Ct);
        await Database.ExecuteAsync("update users set deleted = true where id = $1", Ct, first.Id);

        var isAdded = await _users.AddAsync(await NewUserAsync("leaver"), Ct);

        isAdded.Should().BeTrue();
    }

    [Fact]
    public async Task Users_are_found_by_name_without_regard_to_case_unless_they_are_deleted()
    {
        var user = await Database.AddUserAsync(new NewTestUser { Username = "Find-Me" }, Now, Ct);

        var found = await _users.FindByNameAsync("fIND-mE", Ct);
        await Database.ExecuteAsync("update users set deleted = true where id = $1", Ct, user.Id);

        found!.Id.Should().Be(user.Id);
        (await _users.FindByNameAsync("find-me", Ct)).Should().BeNull();
        (await _users.FindAsync(user.Id, Ct)).Should().BeNull();
    }

    [Fact]
    public async Task Signing_in_finds_people_and_neither_the_deleted_nor_the_system()
    {
        var user = await Database.AddUserAsync(
            new NewTestUser { Username = "signs-in", LoginType = LoginType.None, Status = UserStatus.Suspended }, Now, Ct);
        var deleted = await Database.AddUserAsync(new NewTestUser { Username = "deleted" }, Now, Ct);
        await Database.ExecuteAsync("update users set deleted = true where id = $1", Ct, deleted.Id);

        (await _users.FindForLoginAsync("SIGNS-IN@example.com", Ct)).Should().Be(
            new LoginCandidate(user.Id, "", LoginType.None, UserStatus.Suspended));
        (await _users.FindForLoginAsync("deleted@example.com", Ct)).Should().BeNull();
        (await _users.FindForLoginAsync("prebuilds@system", Ct)).Should().BeNull();
    }

    [Fact]
    public async Task Only_people_who_are_not_deleted_count_as_users()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        await using var source = Npgsql.NpgsqlDataSource.Create(database.ConnectionString);
        var users = new UserStore(new(source, TestClock.System));
        var empty = await users.AnyAsync(Ct);
        var user = await database.AddUserAsync(new NewTestUser(), Now, Ct);

        var one = await users.AnyAsync(Ct);
        await database.ExecuteAsync("update users set deleted = true where id = $1", Ct, user.Id);

        empty.Should().BeFalse();
        one.Should().BeTrue();
        (await users.AnyAsync(Ct)).Should().BeFalse();
    }

    [Fact]
    public async Task The_lock_of_the_first_user_is_held_until_the_transaction_ends()
    {
        var (one, other) = (fixture.NewSession(), fixture.NewSession());
        var events = new List<string>();
        Task<Result<Done>>? waiting = null;

        await one.RunAsync(
            IsolationLevel.ReadCommitted,
            async ct =>
            {
                await new UserStore(one).LockFirstUserAsync(ct);
                waiting = other.RunAsync(IsolationLevel.ReadCommitted, c => LockAsync(other, c), ct);
                await Database.UntilAsync("select exists (select from pg_locks where locktype = 'advisory' and not granted)", ct);
                events.Add("one is done");
                return Result<Done>.From(Done.Value);
            },
            Ct);
        await waiting!;

        events.Should().Equal("one is done", "other has it");

        async Task<Result<Done>> LockAsync(Coder.Infrastructure.Database.DbSession db, CancellationToken ct)
        {
            await new UserStore(db).LockFirstUserAsync(ct);
            events.Add("other has it");
            return Done.Value;
        }
    }

    [Fact]
    public async Task Activation_concerns_dormant_users_only()
    {
        var dormant = await Database.AddUserAsync(new NewTestUser { Status = UserStatus.Dormant }, Now, Ct);
        var suspended = await Database.AddUserAsync(new NewTestUser { Status = UserStatus.Suspended }, Now, Ct);

        await _users.ActivateDormantAsync(dormant.Id, Now.AddHours(1), Ct);
        await _users.ActivateDormantAsync(suspended.Id, Now.AddHours(1), Ct);

        (await _users.FindAsync(dormant.Id, Ct)).Should().BeEquivalentTo(new { Status = UserStatus.Active, UpdatedAt = Now.AddHours(1) });
        (await _users.FindAsync(suspended.Id, Ct)).Should().BeEquivalentTo(new { Status = UserStatus.Suspended, UpdatedAt = Now });
    }

    [Fact]
    public async Task A_password_hash_is_kept_as_text()
    {
        var user = await Database.AddUserAsync(new NewTestUser(), Now, Ct);

        await _users.SetPasswordHashAsync(user.Id, "$pbkdf2-sha256$1$a$b", Ct);

        (await _users.FindForLoginAsync(user.Email, Ct))!.PasswordHash.Should().Be("$pbkdf2-sha256$1$a$b");
    }

    [Fact]
    public async Task The_user_of_prebuilt_workspaces_has_the_id_that_clients_know()
    {
        var user = await _users.FindAsync(Prebuilds, Ct);

        user.Should().BeEquivalentTo(new { Username = "prebuilds", Email = "prebuilds@system", LoginType = LoginType.None });
    }

    private async Task<NewUser> NewUserAsync(string username) => new(
        Guid.Parse($"0b3a4f0e-0000-4000-8000-{Random.Shared.NextInt64(1L << 47):x12}"),
        $"{username}@example.com",
        username,
        "Olga Owner",
        "the hash",
        UserStatus.Dormant,
        LoginType.Oidc,
        [RoleNames.Auditor, RoleNames.Owner],
        await Database.DefaultOrganizationAsync(Ct),
        Now);
}
