using Coder.Domain.ConnectionLogs;
using Coder.Infrastructure.ConnectionLogs;
using Coder.Testing;

namespace Coder.Infrastructure.Tests.ConnectionLogs;

/// <summary>docs/spec/connection-logs.md, section 10: what agents, proxies and clients send stays what it is, through every statement of the log.</summary>
public abstract class HostileTextTests(DatabaseFixture fixture) : ConnectionLogTests(fixture)
{
    public static TheoryData<string> Texts => [.. HostileTexts.All];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Text_of_a_row_is_read_as_it_was_written(string text)
    {
        var session = Connect(Now.AddDays(-3)) with { WorkspaceName = text, AgentName = text };
        var opening = Open() with { WorkspaceName = text, AgentName = text, UserAgent = text, SlugOrPort = text };
        await WriteAsync(session, opening);
        await WriteAsync(End(session, Now, 1, text));

        var rows = await EntriesAsync();

        rows.Should().HaveCount(2);
        rows[0].Should().Be(ConnectionFold.Apply(null, opening));
        rows[1].Should().Be(ConnectionFold.Apply(null, session) with { DisconnectTime = Now, DisconnectReason = text, Code = 1 });
        (await Store.PlaceOfAsync(session.Id, ScopeOf(Organization), Ct)).Should().Be(new ConnectionLogCursor(session.Time, session.Id));
        (await Upkeep.FindDriftAsync(Ct)).Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Rows_with_such_text_are_closed_and_removed_like_others(string text)
    {
        var session = Connect(Now.AddDays(-9)) with { WorkspaceName = text, AgentName = text };
        var other = Connect(Now.AddDays(-9)) with { AgentName = text };
        await WriteAsync(session, other);
        await Fixture.Database.ExecuteAsync("delete from connection_logs where organization_id <> $1", Ct, Organization);

        (await new ConnectionSessions(Fixture.NewSession()).CloseOrphansAsync(session.WorkspaceId, Now, Ct)).Should().Be(1);
        (await new ConnectionSessions(Fixture.NewSession()).SweepOrphansAsync(Now, 10, Ct)).Should().Be(0, "nothing is known of the workspace");
        (await Upkeep.DeleteAsync(Now, Now.AddYears(-1), 10, Ct)).Should().Be(1);

        (await EntriesAsync()).Should().ContainSingle().Which.Id.Should().Be(other.Id);
        (await Upkeep.FindDriftAsync(Ct)).Should().BeEmpty();
        (await Upkeep.FindSessionDriftAsync(Ct)).Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task The_names_of_people_are_compared_and_nothing_else(string text)
    {
        var people = new Infrastructure.Users.UserDirectory(Fixture.NewSession());

        (await people.IdsByUsernameAsync(text, Ct)).Should().BeEmpty();
        (await people.IdsByEmailAsync(text, Ct)).Should().BeEmpty();
        (await people.IdsEverByEmailAsync(text, Ct)).Should().BeEmpty();
    }
}

/// <summary>The log as one table.</summary>
public sealed class WholeLogHostileTextTests(DatabaseFixture fixture) : HostileTextTests(fixture), IClassFixture<DatabaseFixture>;

/// <summary>The log as a table for each month: all answers are the same.</summary>
public sealed class PartitionedLogHostileTextTests(PartitionedLogFixture fixture)
    : HostileTextTests(fixture.Log), IClassFixture<PartitionedLogFixture>;
