using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Tests.Authorization;
using Coder.Domain.Users;
using Coder.Infrastructure.Users;
using Coder.Testing;
using CsCheck;

namespace Coder.Infrastructure.Tests.Users;

/// <summary>The list of users: what it finds, in which order, and that the database and the authorizer agree on who may see whom.</summary>
public sealed class UserListTests(UserListTests.Population population) : IClassFixture<UserListTests.Population>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private UserStore NewStore() => new(population.Database.NewSession());

    [Fact]
    public Task The_list_and_its_count_hold_whom_the_authorizer_lets_the_actor_read() => Generated.Actor.SampleAsync(
        async actor =>
        {
            var scope = Authorizer.ReadScope(actor, ResourceType.User);
            var expected = population.Ids.Where(id => Authorizer.Can(actor, PermissionAction.Read, ObjectRef.User(id))).ToHashSet();

            var found = await NewStore().ListAsync(UserFilter.Everybody, scope, Page.All, Ct);
            var count = await NewStore().CountAsync(UserFilter.Everybody, scope, Ct);

            return expected.SetEquals(found.Select(u => u.Id)) && count == expected.Count;
        },
        iter: 100,
        threads: 1);

    [Fact]
    public async Task Users_stand_in_the_order_of_their_names_without_regard_to_case_and_those_of_the_system_do_not()
    {
        (await NamesAsync("", Page.All)).Should().Equal("Ada", "bob", "Cy-1", "cy-10", "cy-2", "dora");
    }

    [Theory]
    [InlineData("ada", "Ada")]
    [InlineData("LOVELACE", "Ada")]
    [InlineData("\"ada love\"", "Ada")]
    [InlineData("cy example 1", "Cy-1 cy-10")]
    [InlineData("%", "")]
    [InlineData("c_", "")]
    [InlineData("cy %", "")]
    [InlineData("ad\\a", "")]
    [InlineData("a", "Ada bob Cy-1 cy-10 cy-2 dora")]
    [InlineData("Cy EXAMPLE.com -1", "Cy-1 cy-10")]
    [InlineData("status:suspended", "bob")]
    [InlineData("status:suspended,dormant", "bob Cy-1")]
    [InlineData("role:owner", "Ada")]
    [InlineData("role:owner,auditor", "Ada bob")]
    [InlineData("role:member status:suspended", "bob")]
    [InlineData("role:nothing", "")]
    [InlineData("login_type:none", "dora")]
    [InlineData("login_type:none,password created_after:\"2026-03-02T00:00:00Z\"", "dora")]
    [InlineData("created_before:\"2026-03-01T12:00:00Z\" status:active", "Ada cy-10 cy-2")]
    [InlineData("last_seen_after:\"2026-03-05T00:00:00Z\"", "bob")]
    [InlineData("last_seen_before:\"2026-03-01T00:00:00Z\" role:owner,auditor", "Ada")]
    [InlineData("github_com_user_id:42", "dora")]
    [InlineData("github_com_user_id:43", "")]
    public async Task A_search_finds_what_it_says(string text, string names)
    {
        (await NamesAsync(text, Page.All)).Should().BeEquivalentTo(names.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Pages_follow_a_user_or_a_number()
    {
        (await NamesAsync("", new Page(2))).Should().Equal("Ada", "bob");
        (await NamesAsync("", new Page(2, 4))).Should().Equal("cy-2", "dora");
        (await NamesAsync("", new Page(2, 1, population.IdOf("bob")))).Should().Equal("cy-10", "cy-2");
        (await NamesAsync("", new Page(0, 0, population.IdOf("dora")))).Should().BeEmpty();
        (await NamesAsync("", new Page(0, 100))).Should().BeEmpty();
        (await NamesAsync("", new Page(0, 0, Guid.Parse("5b3a4f0e-0000-4000-8000-000000000000")))).Should().BeEmpty();
    }

    [Fact]
    public async Task A_page_may_follow_a_user_who_was_deleted_meanwhile()
    {
        (await NamesAsync("", new Page(1, 0, population.IdOf("bz-deleted")))).Should().Equal("Cy-1");
    }

    [Fact]
    public async Task The_count_is_that_of_all_pages()
    {
        (await NewStore().CountAsync(UserFilter.Everybody, ReadScope.All, Ct)).Should().Be(6);
    }

    private async Task<IEnumerable<string>> NamesAsync(string search, Page page)
    {
        var filter = UserQueryParser.Parse(search).Match(f => f, e => throw new ArgumentException(e.ToString(), nameof(search)));
        return (await NewStore().ListAsync(filter, ReadScope.All, page, Ct)).Select(u => u.Username);
    }

    /// <summary>Six users of every kind, three of whom are random actors, and one who is deleted.</summary>
    public sealed class Population : IAsyncLifetime
    {
        private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        private readonly Dictionary<string, Guid> _ids = new(StringComparer.Ordinal);

        /// <summary>The database.</summary>
        public DatabaseFixture Database { get; } = new();

        /// <summary>The users that are neither deleted nor of the system.</summary>
        public IReadOnlyList<Guid> Ids => [.. _ids.Where(e => e.Key != "bz-deleted").Select(e => e.Value)];

        public Guid IdOf(string name) => _ids[name];

        public async ValueTask InitializeAsync()
        {
            await Database.InitializeAsync();
            await AddAsync(new NewTestUser { Username = "Ada", Name = "Ada Lovelace", Roles = ["owner"] }, Now);
            await AddAsync(new NewTestUser { Username = "bob", Status = UserStatus.Suspended, Roles = ["auditor"] }, Now);
            await AddAsync(new NewTestUser { Username = "Cy-1", Status = UserStatus.Dormant }, Now);
            await AddAsync(new NewTestUser { Username = "cy-2" }, Now);
            await AddAsync(new NewTestUser { Username = "cy-10" }, Now);
            await AddAsync(new NewTestUser { Username = "dora", LoginType = LoginType.None }, Now.AddDays(1));
            await AddAsync(new NewTestUser { Username = "bz-deleted" }, Now);
            await Database.Database.ExecuteAsync("update users set deleted = true where username = 'bz-deleted'", CancellationToken.None);
            await Database.Database.ExecuteAsync("update users set github_com_user_id = 42 where username = 'dora'", CancellationToken.None);
            await Database.Database.ExecuteAsync(
                "update users set last_seen_at = '2026-03-06 00:00:00+00' where username = 'bob'", CancellationToken.None);
        }

        public ValueTask DisposeAsync() => Database.DisposeAsync();

        private async Task AddAsync(NewTestUser user, DateTimeOffset now)
        {
            var account = await Database.Database.AddUserAsync(user, now, CancellationToken.None);
            var id = account.Id;
            if (_ids.Count < Generated.Users.Length)
            {
                // Random actors are some of these users.
                id = Generated.Users[_ids.Count];
                await Database.Database.ExecuteAsync("delete from api_keys where user_id = $1", CancellationToken.None, account.Id);
                await Database.Database.ExecuteAsync("delete from organization_members where user_id = $1", CancellationToken.None, account.Id);
                await Database.Database.ExecuteAsync("delete from user_status_changes where user_id = $1", CancellationToken.None, account.Id);
                await Database.Database.ExecuteAsync("update users set id = $1 where id = $2", CancellationToken.None, id, account.Id);
            }

            _ids[account.Username] = id;
        }
    }
}
