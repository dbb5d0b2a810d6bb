using Coder.Application.Groups;
using Coder.Domain.Authorization;
using Coder.Domain.Tests.Authorization;
using Coder.Infrastructure.Groups;
using Coder.Testing;
using CsCheck;

namespace Coder.Infrastructure.Tests.Groups;

/// <summary>What the statements show of groups and of their members is what the decision in memory allows, whoever asks.</summary>
public sealed class GroupStoreTests(GroupStoreTests.Tables tables) : IClassFixture<GroupStoreTests.Tables>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public Task Groups_and_members_are_shown_as_the_authorizer_decides() => Generated.Actor.SampleAsync(
        async actor =>
        {
            var shown = await Store().ListAsync(new GroupFilter(), GroupSight.Of(actor), Ct);

            shown.Select(v => v.Group.Id).Should().BeEquivalentTo(Visible(actor).Select(g => g.Id));
            foreach (var view in shown)
            {
                var group = tables.Groups.Single(g => g.Id == view.Group.Id);
                view.TotalMemberCount.Should().Be(group.Members.Count);
                view.Members.Select(m => m.Id).Should().BeEquivalentTo(group.Members.Where(user => SeesIn(actor, group, user)));
            }

            return true;
        },
        iter: 200);

    [Fact]
    public Task A_list_by_member_has_only_groups_in_which_that_member_is_seen() => Gen.Select(Generated.Actor, Gen.OneOf(Generated.Users)).SampleAsync(
        async (actor, user) =>
        {
            var shown = await Store().ListAsync(new GroupFilter { HasMember = user }, GroupSight.Of(actor), Ct);

            shown.Select(v => v.Group.Id).Should().BeEquivalentTo(
                Visible(actor).Where(g => g.Members.Contains(user) && SeesIn(actor, g, user)).Select(g => g.Id));
            return true;
        },
        iter: 200);

    [Fact]
    public async Task All_filters_at_once_make_one_statement()
    {
        var group = tables.Groups.First(g => g.Members.Count > 0 && g.Id != g.Organization);
        var filter = new GroupFilter { Organization = group.Organization, HasMember = group.Members[0], Ids = [group.Id], Name = group.Name.ToUpperInvariant() };

        var shown = await Store().ListAsync(filter, new GroupSight(ReadScope.All, ReadScope.All), Ct);

        shown.Should().ContainSingle().Which.Group.Id.Should().Be(group.Id);
    }

    [Fact]
    public async Task The_groups_of_a_deleted_organization_are_gone_with_it()
    {
        var organization = await tables.Database.AddOrganizationAsync("gone", Ct);
        await tables.Database.ExecuteAsync("update organizations set deleted = true where id = $1", Ct, organization);

        (await Store().ListAsync(new GroupFilter { Ids = [organization] }, new GroupSight(ReadScope.All, ReadScope.All), Ct)).Should().BeEmpty();
        (await Store().LockAsync(organization, Ct)).Should().BeNull();
        await tables.Database.ExecuteAsync("delete from organizations where id = $1", Ct, organization);
    }

    private GroupStore Store() => new(tables.NewSession());

    private IEnumerable<TestGroup> Visible(Actor actor) =>
        tables.Groups.Where(g => Authorizer.Can(actor, PermissionAction.Read, ObjectRef.Group(g.Id, g.Organization)));

    private static bool SeesIn(Actor actor, TestGroup group, Guid user) =>
        Authorizer.Can(actor, PermissionAction.Read, ObjectRef.GroupMember(group.Organization, user));

    /// <summary>A group of the tables.</summary>
    public sealed record TestGroup(Guid Id, Guid Organization, string Name, IReadOnlyList<Guid> Members);

    /// <summary>A database with the organizations, groups and users that generated actors know.</summary>
    public sealed class Tables : IAsyncLifetime
    {
        private const string InsertUser = """
            insert into users (id, email, username, created_at, updated_at, status) values ($1, $2, $2, now(), now(), 'active')
            """;

        private const string InsertOrganization = """
            with made as (
                insert into organizations (id, name, display_name, created_at, updated_at) values ($1, $2, $2, now(), now()) returning id
            )
            insert into groups (id, name, organization_id) select id, 'Everyone', id from made
            """;

        private readonly DatabaseFixture _fixture = new();

        /// <summary>All groups but that of the default organization, which is deleted.</summary>
        public IList<TestGroup> Groups { get; } = [];

        /// <summary>The database.</summary>
        public TestDatabase Database => _fixture.Database;

        /// <summary>A session of its own.</summary>
        public Coder.Infrastructure.Database.DbSession NewSession() => _fixture.NewSession();

        /// <inheritdoc/>
        public async ValueTask InitializeAsync()
        {
            await _fixture.InitializeAsync();
            await Database.ExecuteAsync("delete from organizations", Ct);
            foreach (var (user, i) in Generated.Users.Select((user, i) => (user, i)))
            {
                await Database.ExecuteAsync(InsertUser, Ct, user, $"user{i}");
            }

            foreach (var (organization, i) in Generated.Organizations.Select((organization, i) => (organization, i)))
            {
                await Database.ExecuteAsync(InsertOrganization, Ct, organization, $"org{i}");
                var members = Generated.Users.Where((_, n) => (n + i) % 2 == 0).ToArray();
                foreach (var member in members)
                {
                    await Database.AddMemberAsync(organization, member, [], Ct);
                }

                Groups.Add(new TestGroup(organization, organization, "Everyone", members));
            }

            foreach (var (id, i) in Generated.Groups.Except(Generated.Organizations).Select((id, i) => (id, i)))
            {
                var organization = Generated.Organizations[i % Generated.Organizations.Length];
                var members = Generated.Users.Where((_, n) => (n + i) % 3 != 0).ToArray();
                await Database.ExecuteAsync("insert into groups (id, name, organization_id) values ($1, $2, $3)", Ct, id, $"group{i}", organization);
                foreach (var member in members)
                {
                    await Database.ExecuteAsync("insert into group_members (group_id, user_id) values ($1, $2)", Ct, id, member);
                }

                Groups.Add(new TestGroup(id, organization, $"group{i}", members));
            }
        }

        /// <inheritdoc/>
        public ValueTask DisposeAsync() => _fixture.DisposeAsync();
    }
}
