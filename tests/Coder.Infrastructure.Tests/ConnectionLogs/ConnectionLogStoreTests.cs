using Coder.Application.ConnectionLogs;
using Coder.Domain.Authorization;
using Coder.Domain.ConnectionLogs;
using Coder.Testing;

namespace Coder.Infrastructure.Tests.ConnectionLogs;

/// <summary>docs/spec/connection-logs.md, sections 5.1, 6.1, 7.1, 12.1 to 12.3 and 12.9.</summary>
public abstract class ConnectionLogStoreTests(DatabaseFixture fixture) : ConnectionLogTests(fixture)
{
    [Fact]
    public async Task Every_filter_finds_its_rows_and_counts_them()
    {
        var other = TestIds.New();
        var web = Open(Now.AddHours(-4));
        var code = Connect(Now.AddHours(-3)) with { Type = ConnectionType.VsCode };
        var ssh = Connect(Now.AddHours(-2)) with { OrganizationId = other };
        var open = Connect(Now.AddHours(-1)) with { OrganizationId = other, Type = ConnectionType.VsCode };
        await WriteAsync(web, code, ssh, open, End(code, Now.AddHours(-2)), End(ssh, Now.AddHours(-1)));
        var all = new ConnectionLogQuery { Scope = ScopeOf(Organization, other) };

        (ConnectionLogQuery Query, ConnectionEvent[] Rows)[] cases =
        [
            (all, [open, ssh, code, web]),
            (all with { OrganizationId = Organization }, [code, web]),
            (all with { OrganizationId = other }, [open, ssh]),
            (all with { WorkspaceOwners = [web.WorkspaceOwnerId] }, [web]),
            (all with { WorkspaceOwners = [web.WorkspaceOwnerId, ssh.WorkspaceOwnerId] }, [ssh, web]),
            (all with { Users = [web.UserId!.Value] }, [web]),
            (all with { Users = [web.UserId!.Value, TestIds.New()] }, [web]),
            (all with { Type = ConnectionType.VsCode }, [open, code]),
            (all with { Type = ConnectionType.JetBrains }, []),
            (all with { ConnectedAfter = Now.AddHours(-2) }, [open, ssh]),
            (all with { ConnectedBefore = Now.AddHours(-2) }, [ssh, code, web]),
            (all with { ConnectedAfter = Now.AddHours(-3), ConnectedBefore = Now.AddHours(-2) }, [ssh, code]),
            (all with { ConnectedAfter = Now.AddHours(1) }, []),
            (all with { ConnectedAfter = Now, ConnectedBefore = Now.AddDays(-9) }, []),
            (all with { WorkspaceId = ssh.WorkspaceId }, [ssh]),
            (all with { ConnectionId = code.ConnectionId }, [code]),
            (all with { Status = SessionStatus.Ongoing }, [open]),
            (all with { Status = SessionStatus.Completed }, [ssh, code]),
            (all with { Type = ConnectionType.VsCode, Status = SessionStatus.Completed, OrganizationId = Organization }, [code]),
            (all with { Type = ConnectionType.VsCode, Status = SessionStatus.Ongoing, ConnectedAfter = Now.AddHours(-2) }, [open]),
            (all with { Type = ConnectionType.WorkspaceApp, Status = SessionStatus.Ongoing }, []),
            (all with { Type = ConnectionType.WorkspaceApp, Status = SessionStatus.Completed }, []),
        ];

        foreach (var (query, rows) in cases)
        {
            await ShouldBeAsync(query, rows.Select(r => r.Id));
        }
    }

    [Fact]
    public async Task A_reader_sees_the_rows_of_their_organizations_and_the_count_agrees()
    {
        var (second, third) = (TestIds.New(), TestIds.New());
        ConnectionEvent[] rows = [.. Enumerable.Range(0, 9).Select(i => Open(Now.AddMinutes(-i)) with { OrganizationId = new[] { Organization, second, third }[i % 3] })];
        await WriteAsync(rows);

        await ShouldBeAsync(new ConnectionLogQuery { Scope = ScopeOf(Organization) }, Of(rows, Organization));
        await ShouldBeAsync(new ConnectionLogQuery { Scope = ScopeOf(Organization, second) }, Of(rows, Organization, second));
        await ShouldBeAsync(new ConnectionLogQuery { Scope = ScopeOf(TestIds.New()) }, []);
        await ShouldBeAsync(
            new ConnectionLogQuery { Scope = ScopeOf([Organization, .. Enumerable.Range(0, 20).Select(_ => TestIds.New()), third]) },
            Of(rows, Organization, third));
        var everything = await Store.ListAsync(new ConnectionLogQuery { Scope = ReadScope.All }, new ConnectionLogWindow(10_000), Exact, Ct);
        everything.Views.Select(v => v.Entry.Id).Should().Contain(rows.Select(r => r.Id));
        everything.Count.Should().Be(everything.Views.Count);
    }

    [Fact]
    public async Task Whole_days_are_added_up_and_the_days_at_both_ends_counted()
    {
        await WriteAsync([.. Enumerable.Range(0, 200).Select(i =>
            (i % 2 == 0 ? Open(Now.AddHours(-3.7 * i)) : Connect(Now.AddHours(-3.7 * i))) with { Id = TestIds.New() })]);
        var midnight = new DateTimeOffset(2026, 2, 20, 0, 0, 0, TimeSpan.Zero);
        DateTimeOffset?[] times =
        [
            null, midnight, midnight.AddTicks(10), midnight.AddTicks(-10), midnight.AddHours(13), midnight.AddDays(1), midnight.AddDays(3).AddHours(2),
            Now, DateTimeOffset.UnixEpoch, new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero),
        ];

        foreach (var after in times)
        {
            foreach (var before in times)
            {
                foreach (var status in new SessionStatus?[] { null, SessionStatus.Ongoing, SessionStatus.Completed })
                {
                    var query = Mine with { ConnectedAfter = after, ConnectedBefore = before, Status = status };
                    var slice = await Store.ListAsync(query, new ConnectionLogWindow(1_000), Exact, Ct);
                    slice.Count.Should().Be(slice.Views.Count, $"{after} {before} {status}");
                }
            }
        }
    }

    [Fact]
    public async Task Rows_far_down_are_those_that_are_reached_page_by_page()
    {
        await WriteAsync([.. Enumerable.Range(0, 1_100).Select(i => Open(Now.AddSeconds(-i / 3)))]);
        var all = await Store.ReadAsync(Mine, new ConnectionLogWindow(2_000), Ct);

        foreach (var query in new[] { Mine, Mine with { Type = ConnectionType.WorkspaceApp } })
        {
            (await Store.ReadAsync(query, new ConnectionLogWindow(50, Offset: 1_001), Ct)).Select(v => v.Place)
                .Should().Equal(all.Skip(1_001).Take(50).Select(v => v.Place));
            (await Store.ReadAsync(query, new ConnectionLogWindow(50, Offset: 1_090), Ct)).Should().HaveCount(10);
        }
    }

    [Fact]
    public async Task Sessions_that_go_on_are_paged_in_both_directions()
    {
        await WriteAsync([.. Enumerable.Range(0, 20).Select(i => Connect(Now.AddMinutes(-i / 3)))]);
        var query = Mine with { Status = SessionStatus.Ongoing };
        var newest = await Store.ReadAsync(query, new ConnectionLogWindow(100), Ct);
        var oldest = await Store.ReadAsync(query, new ConnectionLogWindow(100, OldestFirst: true), Ct);

        newest.Should().HaveCount(20);
        oldest.Select(v => v.Place).Should().Equal(newest.Reverse().Select(v => v.Place));
        (await Store.ReadAsync(query, new ConnectionLogWindow(7, After: newest[4].Place), Ct)).Select(v => v.Place)
            .Should().Equal(newest.Skip(5).Take(7).Select(v => v.Place));
        (await Store.ReadAsync(query, new ConnectionLogWindow(7, After: oldest[4].Place, OldestFirst: true), Ct)).Select(v => v.Place)
            .Should().Equal(oldest.Skip(5).Take(7).Select(v => v.Place));
    }

    [Fact]
    public async Task A_count_stops_at_its_cap_or_is_not_made()
    {
        await WriteAsync([.. Enumerable.Range(0, 5).Select(i => Open(Now.AddMinutes(i)) with { WorkspaceOwnerId = Organization })]);
        var narrow = Mine with { WorkspaceOwners = [Organization] };

        foreach (var query in new[] { Mine, narrow })
        {
            (await CountAsync(query, new ConnectionLogCounting(Cap: 3))).Should().Be(4, "one more says that there are more");
            (await CountAsync(query, new ConnectionLogCounting(Cap: 5))).Should().Be(5);
            (await CountAsync(query, new ConnectionLogCounting(Cap: 2_147_483_647))).Should().Be(5);
            (await CountAsync(query, new ConnectionLogCounting(IsWanted: false))).Should().Be(-1);
            (await CountAsync(query, Exact)).Should().Be(5);
        }
    }

    [Fact]
    public async Task Pages_by_offset_and_by_place_hold_every_row_once_also_when_times_are_equal()
    {
        var other = TestIds.New();
        await WriteAsync([.. Enumerable.Range(0, 30).Select(i => Open(Now.AddMinutes(i / 10)) with { OrganizationId = i % 2 == 0 ? Organization : other })]);
        var query = new ConnectionLogQuery { Scope = ScopeOf(Organization, other) };
        var all = (await Store.ReadAsync(query, new ConnectionLogWindow(100), Ct)).Select(v => v.Place).ToArray();

        var byOffset = new List<ConnectionLogCursor>();
        var byPlace = new List<ConnectionLogCursor>();
        for (var i = 0; i < 30; i += 7)
        {
            var page = await Store.ListAsync(query, new ConnectionLogWindow(7, i), Exact, Ct);
            page.Count.Should().Be(30);
            byOffset.AddRange(page.Views.Select(v => v.Place));
            var next = await Store.ListAsync(query, new ConnectionLogWindow(7, After: byPlace.Count == 0 ? null : byPlace[^1]), Exact, Ct);
            next.Count.Should().Be(30, "whatever the page");
            byPlace.AddRange(next.Views.Select(v => v.Place));
        }

        all.Should().HaveCount(30).And.BeInDescendingOrder(p => p.Time);
        byOffset.Should().Equal(all);
        byPlace.Should().Equal(all);
        (await Store.ListAsync(query, new ConnectionLogWindow(7, 300), Exact, Ct)).Should().Match<ConnectionLogSlice>(s => s.Views.Count == 0 && s.Count == 30);
        var oldestFirst = await Store.ReadAsync(query, new ConnectionLogWindow(100, After: all[9], OldestFirst: true), Ct);
        oldestFirst.Select(v => v.Place).Should().Equal(all.Take(9).Reverse());
    }

    [Fact]
    public async Task Rows_outlive_those_whom_they_name()
    {
        await WriteAsync(Open());

        var view = (await Store.ReadAsync(Mine, new ConnectionLogWindow(10), Ct)).Should().ContainSingle().Which;

        view.Organization.Should().Be(new ConnectionLogOrganization(Organization, "", "", ""));
        view.WorkspaceOwnerUsername.Should().BeEmpty();
        view.User.Should().BeNull();
    }

    [Fact]
    public async Task Rows_name_whom_they_can_also_when_these_are_deleted()
    {
        var account = await Fixture.Database.AddUserAsync(new NewTestUser { Username = "deleted-person" }, Now, Ct);
        await Fixture.Database.ExecuteAsync("update users set deleted = true where id = $1", Ct, account.Id);
        var organization = await Fixture.Database.AddOrganizationAsync("outlived", Ct);
        await Fixture.Database.ExecuteAsync("update organizations set deleted = true where id = $1", Ct, organization);
        await WriteAsync(Open() with { OrganizationId = organization, UserId = account.Id, WorkspaceOwnerId = account.Id });

        var view = (await Store.ReadAsync(Mine with { OrganizationId = organization }, new ConnectionLogWindow(10), Ct)).Should().ContainSingle().Which;

        view.Organization.Name.Should().Be("outlived");
        view.WorkspaceOwnerUsername.Should().Be("deleted-person");
        view.User!.Email.Should().Be(account.Email);
    }

    [Fact]
    public async Task Deleted_people_are_found_when_nobody_has_their_name_now()
    {
        var people = new Infrastructure.Users.UserDirectory(Fixture.NewSession());
        var (one, two) = (await GoneAsync(1), await GoneAsync(2));

        (await people.IdsByUsernameAsync("LEAVER", Ct)).Should().BeEquivalentTo([one, two]);
        (await people.IdsByEmailAsync("Leaver@example.com", Ct)).Should().BeEquivalentTo([one, two]);
        var present = (await Fixture.Database.AddUserAsync(new NewTestUser { Username = "leaver" }, Now, Ct)).Id;
        await Fixture.Database.ExecuteAsync("update users set email = 'leaver@example.com' where id = $1", Ct, present);

        (await people.IdsByUsernameAsync("leaver", Ct)).Should().Equal(present);
        (await people.IdsByEmailAsync("leaver@example.com", Ct)).Should().Equal(present);
        (await people.IdsEverByEmailAsync("leaver@example.com", Ct)).Should().BeEquivalentTo([one, two, present]);
        (await people.IdsByUsernameAsync("nobody%", Ct)).Should().BeEmpty();
    }

    [Fact]
    public async Task The_place_of_a_row_is_known_to_those_who_see_it()
    {
        var row = Open();
        await WriteAsync(row);

        (await Store.PlaceOfAsync(row.Id, ScopeOf(Organization), Ct)).Should().Be(new ConnectionLogCursor(Now, row.Id));
        (await Store.PlaceOfAsync(row.Id, ReadScope.All, Ct)).Should().NotBeNull();
        (await Store.PlaceOfAsync(row.Id, ScopeOf(TestIds.New()), Ct)).Should().BeNull();
        (await Store.PlaceOfAsync(TestIds.New(), ReadScope.All, Ct)).Should().BeNull();
    }

    private async Task<Guid> GoneAsync(int number)
    {
        var account = await Fixture.Database.AddUserAsync(new NewTestUser { Username = $"leaver-{number}" }, Now, Ct);
        await Fixture.Database.ExecuteAsync(
            "update users set deleted = true, username = 'leaver', email = 'leaver@example.com' where id = $1", Ct, account.Id);
        return account.Id;
    }

    private async Task<long> CountAsync(ConnectionLogQuery query, ConnectionLogCounting counting) =>
        (await Store.ListAsync(query, new ConnectionLogWindow(2), counting, Ct)).Count;

    private async Task ShouldBeAsync(ConnectionLogQuery query, IEnumerable<Guid> ids)
    {
        Guid[] expected = [.. ids];
        var slice = await Store.ListAsync(query, new ConnectionLogWindow(100), Exact, Ct);
        slice.Views.Select(v => v.Entry.Id).Should().Equal(expected, query.ToString());
        slice.Count.Should().Be(expected.Length, query.ToString());
        var first = await Store.ListAsync(query, new ConnectionLogWindow(1), Exact, Ct);
        first.Count.Should().Be(expected.Length, $"also when the page does not tell: {query}");
    }

    private static IEnumerable<Guid> Of(ConnectionEvent[] rows, params Guid[] organizations) =>
        rows.Where(r => organizations.Contains(r.OrganizationId)).Select(r => r.Id);
}

/// <summary>The log as one table.</summary>
public sealed class WholeConnectionLogStoreTests(DatabaseFixture fixture)
    : ConnectionLogStoreTests(fixture), IClassFixture<DatabaseFixture>;

/// <summary>The log as a table for each month: all answers are the same.</summary>
public sealed class PartitionedConnectionLogStoreTests(PartitionedLogFixture fixture)
    : ConnectionLogStoreTests(fixture.Log), IClassFixture<PartitionedLogFixture>;
