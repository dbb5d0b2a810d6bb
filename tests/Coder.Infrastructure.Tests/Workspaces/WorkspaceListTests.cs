using Coder.Application.Workspaces;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Workspaces;
using Coder.Infrastructure.Workspaces;
using CsCheck;

namespace Coder.Infrastructure.Tests.Workspaces;

/// <summary>What PostgreSQL lists is what memory would list: docs/spec/workspaces.md, section 7.4.</summary>
public sealed class WorkspaceListTests(ListedWorkspaces workspaces) : IClassFixture<ListedWorkspaces>
{
    private static readonly Gen<bool?> Flag = OneOf<bool?>(null, null, null, true, false);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public Task Any_filter_of_any_reader_lists_what_memory_would_list() => Gen.Select(Filters(), Gen.Int[0, 4], Gen.Int[0, 30], Gen.Int[0, 40]).SampleAsync(
        async (filter, reader, limit, offset) =>
        {
            var actor = ActorOf(reader);
            var query = QueryOf(actor, filter);
            var expected = workspaces.All.Where(w => w.IsReadable(actor) && w.Matches(filter, actor.UserId, ListedWorkspaces.Now))
                .OrderByDescending(w => w.Spec.Favorite && w.Row.OwnerId == actor.UserId)
                .ThenByDescending(w => w.IsRunning)
                .ThenBy(w => w.Owner, StringComparer.Ordinal)
                .ThenBy(w => w.Spec.Name!.ToLowerInvariant(), StringComparer.Ordinal)
                .Select(w => w.Row.Id)
                .ToList();

            var (ids, count) = await new WorkspaceList(workspaces.NewSession()).ListAsync(query, new Page(limit, offset, null), Ct);

            var page = expected.Skip(offset);
            ids.Should().Equal(limit == 0 ? page : page.Take(limit));
            count.Should().Be(expected.Count);
        },
        iter: 150,
        threads: 1);

    [Fact]
    public async Task A_page_behind_the_last_one_is_empty_and_still_counts()
    {
        var query = QueryOf(ActorOf(0), new WorkspaceFilter());

        var (ids, count) = await new WorkspaceList(workspaces.NewSession()).ListAsync(query, new Page(25, 10_000, null), Ct);

        ids.Should().BeEmpty();
        count.Should().Be(workspaces.All.Count(w => !w.Spec.Deleted));
    }

    [Fact]
    public async Task All_filters_at_once_make_one_statement_that_runs()
    {
        var filter = new WorkspaceFilter
        {
            Ids = [workspaces.All[0].Row.Id],
            Owner = "alice",
            Template = "docker",
            Names = ["dev"],
            Status = WorkspaceStatus.Running,
            HasAgent = AgentStatus.Connected,
            IsDormant = false,
            LastUsedAfter = ListedWorkspaces.Now.AddDays(-9),
            LastUsedBefore = ListedWorkspaces.Now,
            IsOutdated = false,
            HasAiTask = false,
            HasExternalAgent = false,
            IsPrebuild = false,
            HasParameters = ["region"],
            ParameterValues = ["region=eu"],
        };
        var query = QueryOf(ActorOf(3), filter) with { Organization = workspaces.Organization };

        var act = () => new WorkspaceList(workspaces.NewSession()).ListAsync(query, new Page(1, 0, null), Ct);

        await act.Should().NotThrowAsync();
    }

    private Gen<WorkspaceFilter> Filters() => Gen.Select(
        Gen.Select(
            OneOf<string?>(null, null, "me", "alice", "bob", "prebuilds", "nobody"),
            OneOf<string?>(null, null, "docker", "kubernetes", workspaces.All[0].Template.Id.ToString()),
            OneOf<string[]>([], [], ["dev"], ["1"], ["%"], ["_"], ["e", "1"]),
            Gen.OneOf(Gen.Const((WorkspaceStatus?)null), Gen.Enum<WorkspaceStatus>().Select(s => (WorkspaceStatus?)s)),
            Gen.OneOf(Gen.Const((AgentStatus?)null), Gen.Const((AgentStatus?)null), Gen.Enum<AgentStatus>().Select(s => (AgentStatus?)s))),
        Gen.Select(Flag, Flag, Flag, Flag, Flag),
        Gen.Select(
            OneOf<string[]>([], [], ["region"], ["region", "size"], ["colour"]),
            OneOf<string[]>([], [], ["region=eu"], ["size=big", "region=eu"], ["size=small"]),
            Gen.OneOf(Gen.Const((int?)null), Gen.Int[0, 72].Select(h => (int?)h)),
            Gen.OneOf(Gen.Const((int?)null), Gen.Int[0, 72].Select(h => (int?)h)),
            OneOf(0, 0, 0, 1)),
        (words, flags, rest) => new WorkspaceFilter
        {
            Owner = words.Item1,
            Template = words.Item2,
            Names = words.Item3,
            Status = words.Item4,
            HasAgent = words.Item5,
            IsDormant = flags.Item1,
            IsOutdated = flags.Item2,
            HasAiTask = flags.Item3,
            HasExternalAgent = flags.Item4,
            IsPrebuild = flags.Item5,
            HasParameters = rest.Item1,
            ParameterValues = rest.Item2,
            LastUsedAfter = ListedWorkspaces.Now.AddHours(-rest.Item3 ?? -1_000),
            LastUsedBefore = rest.Item4 is { } hours ? ListedWorkspaces.Now.AddHours(-hours) : null,
            Ids = rest.Item5 == 0 ? null : [.. workspaces.All.Where((_, i) => i % 2 == 0).Select(w => w.Row.Id)],
        });

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static WorkspaceQuery QueryOf(Actor actor, WorkspaceFilter filter) => new()
    {
        Filter = filter,
        Me = actor.UserId,
        Workspaces = Authorizer.ReadScope(actor, ResourceType.Workspace),
        Dormant = Authorizer.ReadScope(actor, ResourceType.WorkspaceDormant),
        Now = ListedWorkspaces.Now,
    };

    private Actor ActorOf(int reader) => reader switch
    {
        0 => Of(workspaces.Users[1].Id, [RoleNames.Owner], [new OrganizationRoles(workspaces.Organization, [])]),
        1 => Of(workspaces.Users[0].Id, [RoleNames.TemplateAdmin], []),
        2 => Of(workspaces.Users[1].Id, [], [new OrganizationRoles(workspaces.Organization, [])]),
        3 => Of(
            workspaces.Users[0].Id,
            [],
            [new OrganizationRoles(workspaces.Organization, []), new OrganizationRoles(workspaces.Other, [])]),
        _ => Of(workspaces.Users[0].Id, [], [new OrganizationRoles(workspaces.Other, [RoleNames.OrganizationAdmin])]),
    };

    private static Actor Of(Guid id, IReadOnlyList<string> roles, IReadOnlyList<OrganizationRoles> organizations) =>
        Actor.Create(id, "reader", roles, organizations, [], KeyScope.All, [], AuthorizationOptions.Default);
}
