using System.Text.Json.Nodes;
using Coder.Application.AuditLogs;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Workspaces;
using Coder.Infrastructure.AuditLogs;
using Coder.Testing;

namespace Coder.Infrastructure.Tests.AuditLogs;

public sealed class AuditLogReaderTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ResolvedAuditFilter Everything = new(new AuditLogFilter(), null, null);

    // A tenant of its own keeps the tests of this class apart.
    private readonly Guid _organization = TestIds.New();
    private int _written;

    public static TheoryData<string> Hostile => [.. HostileTexts.All];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private AuditLogReader Reader => new(fixture.NewSession());

    [Fact]
    public async Task The_newest_comes_first_and_ties_are_ordered_by_id()
    {
        var old = await AddAsync(e => e with { Time = Now.AddHours(-2) });
        var one = await AddAsync(e => e with { Time = Now });
        var two = await AddAsync(e => e with { Time = Now });

        var page = await ListAsync(new AuditLogFilter());

        var ties = new[] { one, two }.OrderByDescending(id => id.ToString(), StringComparer.Ordinal);
        page.Select(r => r.Entry.Id).Should().Equal([.. ties, old]);
    }

    [Fact]
    public async Task An_entry_comes_back_as_it_was_written()
    {
        var written = Entry() with
        {
            IpAddress = "2001:db8::1",
            UserAgent = "curl/8",
            ResourceTarget = "O'Neill; -- \"x\"",
            Diff = JsonNode.Parse("""{"name":{"old":"a","new":"b","secret":false}}""")!.AsObject(),
            AdditionalFields = JsonNode.Parse("""{"workspace_name":"dev","n":[1,2,{"x":null}]}""")!.AsObject(),
        };
        await new AuditStore(fixture.NewSession()).AddAsync(written, Ct);

        var read = (await ListAsync(new AuditLogFilter())).Should().ContainSingle().Subject.Entry;

        read.Should().BeEquivalentTo(written, options => options.Excluding(e => e.Diff).Excluding(e => e.AdditionalFields));
        JsonNode.DeepEquals(read.Diff, written.Diff).Should().BeTrue();
        JsonNode.DeepEquals(read.AdditionalFields, written.AdditionalFields).Should().BeTrue();
    }

    [Fact]
    public async Task Every_filter_finds_what_it_names_and_nothing_else()
    {
        var wanted = Entry() with
        {
            RequestId = TestIds.New(),
            ResourceId = TestIds.New(),
            ResourceTarget = "Wanted",
            UserId = TestIds.New(),
            Time = Now.AddDays(-1),
            ResourceType = AuditResourceType.Template,
            Action = AuditAction.Delete,
        };
        await new AuditStore(fixture.NewSession()).AddAsync(wanted, Ct);
        await AddAsync(e => e);

        AuditLogFilter[] filters =
        [
            new() { RequestId = wanted.RequestId },
            new() { ResourceId = wanted.ResourceId },
            new() { ResourceTarget = "wanted" },
            new() { From = Now.AddDays(-1), Until = Now.AddHours(-1) },
            new() { ResourceType = AuditResourceType.Template },
            new() { Action = AuditAction.Delete },
        ];
        foreach (var filter in filters)
        {
            await ShouldBeAsync(new ResolvedAuditFilter(filter, null, _organization), wanted.Id);
        }

        await ShouldBeAsync(new ResolvedAuditFilter(new AuditLogFilter(), [wanted.UserId], _organization), wanted.Id);
        await ShouldBeAsync(new ResolvedAuditFilter(new AuditLogFilter(), [], _organization));
        var all = filters.Aggregate(new AuditLogFilter(), (sum, next) => new AuditLogFilter
        {
            RequestId = sum.RequestId ?? next.RequestId,
            ResourceId = sum.ResourceId ?? next.ResourceId,
            ResourceTarget = sum.ResourceTarget ?? next.ResourceTarget,
            From = sum.From ?? next.From,
            Until = sum.Until ?? next.Until,
            ResourceType = sum.ResourceType ?? next.ResourceType,
            Action = sum.Action ?? next.Action,
        });
        await ShouldBeAsync(new ResolvedAuditFilter(all, [wanted.UserId], _organization), wanted.Id);
        await ShouldBeAsync(new ResolvedAuditFilter(all with { BuildReason = BuildReason.Autostart }, [wanted.UserId], _organization));
    }

    [Fact]
    public async Task Only_the_organizations_of_the_scope_are_read_and_counted()
    {
        await AddAsync(e => e);
        var scope = Authorizer.ReadScope(AuditorOf(TestIds.New()), ResourceType.AuditLog);

        var others = await Reader.ListAsync(Everything, scope, 100, 0, null, Ct);
        var own = await Reader.ListAsync(Everything, Authorizer.ReadScope(AuditorOf(_organization), ResourceType.AuditLog), 100, 0, null, Ct);

        others.Should().BeEmpty();
        (await Reader.CountAsync(Everything, scope, Ct)).Should().Be(0);
        own.Should().ContainSingle();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(9)]
    public async Task The_entries_of_few_and_of_many_organizations_are_in_one_order(int organizations)
    {
        Guid[] mine = [_organization, .. Enumerable.Range(1, organizations - 1).Select(_ => TestIds.New())];
        var expected = new List<Guid>();
        for (var i = 0; i < 24; i++)
        {
            var id = await AddAsync(e => e with
            {
                OrganizationId = mine[i % mine.Length],
                Time = Now.AddMinutes(i / 4),
                Action = i % 3 == 0 ? AuditAction.Create : AuditAction.Write,
            });
            await AddAsync(e => e with { OrganizationId = TestIds.New(), Time = Now.AddMinutes(i / 4) });
            expected.Add(id);
        }

        var scope = Authorizer.ReadScope(AuditorOf(mine), ResourceType.AuditLog);
        var all = await Reader.ListAsync(Everything, scope, 100, 0, null, Ct);
        var pages = new List<Guid>();
        for (var i = 0; i < 24; i += 5)
        {
            pages.AddRange((await Reader.ListAsync(Everything, scope, 5, i, null, Ct)).Select(r => r.Entry.Id));
        }

        all.Select(r => r.Entry.Id).Should().BeEquivalentTo(expected).And.Equal(pages);
        all.Should().BeInDescendingOrder(r => r.Entry.Time);
        (await Reader.CountAsync(Everything, scope, Ct)).Should().Be(24);
        var behind = await Reader.ListAsync(Everything, scope, 100, 0, CursorOf(all[9]), Ct);
        behind.Select(r => r.Entry.Id).Should().Equal(pages.Skip(10));
        var export = await Reader.NextAsync(Everything, scope, CursorOf(all[^5]), 7, Ct);
        export.Select(r => r.Entry.Id).Should().Equal(Enumerable.Reverse(pages).Skip(5).Take(7));
        var created = await Reader.ListAsync(Everything with { Filter = new AuditLogFilter { Action = AuditAction.Create } }, scope, 100, 0, null, Ct);
        created.Should().HaveCount(8).And.OnlyContain(r => r.Entry.Action == AuditAction.Create);
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Hostile_text_is_the_name_of_a_resource_and_nothing_else(string text)
    {
        var wanted = await AddAsync(e => e with
        {
            ResourceTarget = text,
            UserAgent = text,
            ResourceIcon = text,
            AdditionalFields = new JsonObject { [text] = text },
            Diff = new JsonObject { [text] = text },
        });
        await AddAsync(e => e);
        var filter = new AuditLogFilter { ResourceTarget = text };

        await ShouldBeAsync(new ResolvedAuditFilter(filter, null, _organization), wanted);
        await ShouldBeAsync(new ResolvedAuditFilter(filter with { Action = AuditAction.Write }, null, _organization), wanted);
        var scope = Authorizer.ReadScope(AuditorOf(_organization), ResourceType.AuditLog);
        (await Reader.ListAsync(new ResolvedAuditFilter(filter, null, null), scope, 10, 0, null, Ct)).Should().ContainSingle()
            .Which.Entry.UserAgent.Should().Be(text);
        (await Reader.NextAsync(new ResolvedAuditFilter(filter, null, null), scope, null, 10, Ct)).Should().ContainSingle();
        (await ListAsync(new AuditLogFilter())).Should().HaveCount(2);
    }

    [Fact]
    public async Task Entries_of_the_deployment_are_not_for_auditors_of_an_organization()
    {
        await AddAsync(e => e with { OrganizationId = Guid.Empty });

        var own = await Reader.ListAsync(Everything, Authorizer.ReadScope(AuditorOf(_organization), ResourceType.AuditLog), 100, 0, null, Ct);

        own.Should().BeEmpty();
    }

    [Fact]
    public async Task Paging_by_offset_sees_each_entry_once()
    {
        for (var i = 0; i < 5; i++)
        {
            await AddAsync(e => e with { Time = Now });
        }

        var filter = new ResolvedAuditFilter(new AuditLogFilter(), null, _organization);
        var first = await Reader.ListAsync(filter, ReadScope.All, 3, 0, null, Ct);
        var second = await Reader.ListAsync(filter, ReadScope.All, 3, 3, null, Ct);
        var behind = await Reader.ListAsync(filter, ReadScope.All, 3, 0, new AuditCursor(first[^1].Entry.Time, first[^1].Entry.Id), Ct);

        first.Concat(second).Select(r => r.Entry.Id).Should().OnlyHaveUniqueItems().And.HaveCount(5);
        behind.Select(r => r.Entry.Id).Should().Equal(second.Select(r => r.Entry.Id));
        (await Reader.CountAsync(filter, ReadScope.All, Ct)).Should().Be(5);
    }

    [Fact]
    public async Task An_export_goes_on_behind_its_cursor_from_the_oldest_on()
    {
        for (var i = 0; i < 5; i++)
        {
            await AddAsync(e => e with { Time = Now.AddMinutes(i / 2) });
        }

        var filter = new ResolvedAuditFilter(new AuditLogFilter(), null, _organization);
        List<AuditEntry> seen = [];
        AuditCursor? cursor = null;
        while (await Reader.NextAsync(filter, ReadScope.All, cursor, 2, Ct) is { Count: > 0 } next)
        {
            seen.AddRange(next.Select(r => r.Entry));
            cursor = new AuditCursor(seen[^1].Time, seen[^1].Id);
        }

        seen.Should().HaveCount(5).And.BeInAscendingOrder(e => e.Time);
        seen.Select(e => e.Id).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task What_became_of_a_user_is_known()
    {
        var user = await fixture.Database.AddUserAsync(new NewTestUser(), Now, Ct);
        var gone = await fixture.Database.AddUserAsync(new NewTestUser(), Now, Ct);
        await fixture.Database.ExecuteAsync("update users set deleted = true where id = $1", Ct, gone.Id);
        await AddAsync(e => e with { ResourceType = AuditResourceType.User, ResourceId = user.Id });
        await AddAsync(e => e with { ResourceType = AuditResourceType.User, ResourceId = gone.Id });
        await AddAsync(e => e with { ResourceType = AuditResourceType.License, ResourceId = TestIds.New() });
        await AddAsync(e => e with { ResourceType = AuditResourceType.WorkspaceAgent, ResourceId = TestIds.New() });
        await AddAsync(e => e with { ResourceType = AuditResourceType.OAuth2ProviderApp, ResourceId = TestIds.New() });
        await AddAsync(e => e with { ResourceType = AuditResourceType.OAuth2ProviderAppSecret, ResourceId = TestIds.New() });

        var page = await ListAsync(new AuditLogFilter());

        page.Select(r => (r.Entry.ResourceType, r.IsDeleted)).Should().BeEquivalentTo(
        [
            (AuditResourceType.User, false),
            (AuditResourceType.User, true),
            (AuditResourceType.License, false),
            (AuditResourceType.WorkspaceAgent, true),
            (AuditResourceType.OAuth2ProviderApp, true),
            (AuditResourceType.OAuth2ProviderAppSecret, true),
        ]);
    }

    private static AuditCursor CursorOf(AuditRecord record) => new(record.Entry.Time, record.Entry.Id);

    private static Actor AuditorOf(params Guid[] organizations) => Actor.Create(
        TestIds.New(), "ann", [], [.. organizations.Select(o => new OrganizationRoles(o, ["organization-auditor"]))], [], KeyScope.All, [],
        AuthorizationOptions.Default);

    private async Task ShouldBeAsync(ResolvedAuditFilter filter, params Guid[] expected)
    {
        var page = await Reader.ListAsync(filter, ReadScope.All, 100, 0, null, Ct);

        page.Select(r => r.Entry.Id).Should().BeEquivalentTo(expected, "of {0}", filter);
        (await Reader.CountAsync(filter, ReadScope.All, Ct)).Should().Be(expected.Length);
    }

    private Task<IReadOnlyList<AuditRecord>> ListAsync(AuditLogFilter filter) =>
        Reader.ListAsync(new ResolvedAuditFilter(filter, null, _organization), ReadScope.All, 100, 0, null, Ct);

    private async Task<Guid> AddAsync(Func<AuditEntry, AuditEntry> change)
    {
        var entry = change(Entry());
        await new AuditStore(fixture.NewSession()).AddAsync(entry, Ct);
        return entry.Id;
    }

    private AuditEntry Entry() => new()
    {
        Id = TestIds.New(),
        Time = Now.AddMinutes(-10).AddSeconds(_written++),
        UserId = TestIds.New(),
        OrganizationId = _organization,
        IpAddress = null,
        UserAgent = null,
        ResourceType = AuditResourceType.User,
        ResourceId = TestIds.New(),
        ResourceTarget = "other",
        ResourceIcon = "",
        Action = AuditAction.Write,
        Diff = [],
        StatusCode = 200,
        AdditionalFields = [],
        RequestId = TestIds.New(),
    };
}
