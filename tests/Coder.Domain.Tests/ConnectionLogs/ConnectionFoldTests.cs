using System.Net;
using Coder.Domain.ConnectionLogs;
using CsCheck;
using static Coder.Domain.Tests.ConnectionLogs.Connections;

namespace Coder.Domain.Tests.ConnectionLogs;

/// <summary>docs/spec/connection-logs.md, sections 4.1 and 12.10.</summary>
public sealed class ConnectionFoldTests
{
    [Fact]
    public void A_first_connect_makes_a_row_without_an_end()
    {
        var row = ConnectionFold.Apply(null, Connect(0));

        row.ConnectTime.Should().Be(Now);
        row.DisconnectTime.Should().BeNull();
        row.DisconnectReason.Should().BeNull();
        row.Code.Should().BeNull();
    }

    [Fact]
    public void A_first_disconnect_makes_a_row_that_began_when_it_ended()
    {
        var row = ConnectionFold.Apply(null, Disconnect(5, 0, "bye"));

        row.ConnectTime.Should().Be(Now.AddSeconds(5));
        row.DisconnectTime.Should().Be(Now.AddSeconds(5));
        row.DisconnectReason.Should().Be("bye");
        row.Code.Should().Be(0, "0 is not nothing");
    }

    [Fact]
    public void A_second_connect_changes_nothing()
    {
        var row = ConnectionFold.Apply(null, Connect(5));

        ConnectionFold.Apply(row, Connect(0) with { Type = ConnectionType.VsCode, WorkspaceName = "other", Ip = null }).Should().Be(row);
    }

    [Fact]
    public void A_disconnect_ends_an_open_row_and_changes_nothing_else()
    {
        var row = ConnectionFold.Apply(null, Connect(5));

        var ended = ConnectionFold.Apply(row, Disconnect(1, 130, "gone", id: 77) with { Ip = null, WorkspaceName = "other" });

        ended.Should().Be(
            row with { DisconnectTime = Now.AddSeconds(1), Code = 130, DisconnectReason = "gone" }, "order of arrival decides, not the times");
    }

    [Fact]
    public void A_second_disconnect_changes_nothing()
    {
        var ended = ConnectionFold.Apply(ConnectionFold.Apply(null, Connect(0)), Disconnect(5, 1, "first"));

        ConnectionFold.Apply(ended, Disconnect(9, 2, "second")).Should().Be(ended);
    }

    [Fact]
    public void Each_part_of_an_end_is_filled_in_while_it_is_missing()
    {
        var ended = ConnectionFold.Apply(ConnectionFold.Apply(null, Connect(0)), Disconnect(5, code: null));

        var filled = ConnectionFold.Apply(ended, Disconnect(9, 2, "late"));

        filled.Should().Be(ended with { Code = 2, DisconnectReason = "late" });
    }

    [Fact]
    public void An_earlier_connect_after_a_lone_disconnect_gives_its_time_address_and_type()
    {
        var row = ConnectionFold.Apply(null, Disconnect(5));
        var late = Connect(1, id: 9) with { Type = ConnectionType.JetBrains, Ip = IPAddress.Loopback, AgentName = "main" };

        var joined = ConnectionFold.Apply(row, late);

        joined.Should().Be(row with { ConnectTime = Now.AddSeconds(1), Type = ConnectionType.JetBrains, Ip = IPAddress.Loopback });
        ConnectionFold.Apply(joined, Connect(0)).Should().Be(joined, "its times differ now");
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void A_connect_that_is_not_earlier_than_a_lone_disconnect_changes_nothing(int seconds)
    {
        var row = ConnectionFold.Apply(null, Disconnect(5));

        ConnectionFold.Apply(row, Connect(seconds) with { Type = ConnectionType.VsCode }).Should().Be(row);
    }

    [Fact]
    public void Folding_a_batch_in_memory_equals_storing_one_by_one() =>
        Gen.Select(Any.List[0, 4], Any.List[0, 10]).Sample((before, batch) =>
        {
            var stored = OneByOne([], before);

            ByRounds(stored, batch).Should().BeEquivalentTo(OneByOne(stored, batch));
        }, iter: 20_000);

    [Fact]
    public void No_round_has_a_key_twice() => Any.List[0, 12].Sample(batch =>
        ConnectionFold.Rounds(batch).All(round => round.Select(r => r.ConnectionId).Distinct().Count() == round.Count));

    [Fact]
    public void The_usual_batch_is_one_round()
    {
        var rounds = ConnectionFold.Rounds([Connect(0), Connect(0, 2), Disconnect(5), Connect(0, 3), Disconnect(6, session: 2), Disconnect(6)]);

        rounds.Should().ContainSingle().Which.Should().HaveCount(3);
    }

    [Fact]
    public void Events_without_an_id_are_rows_of_their_own()
    {
        var opening = Connect(0) with { ConnectionId = null, Type = ConnectionType.WorkspaceApp };

        ConnectionFold.Rounds([opening, opening, opening]).Should().ContainSingle().Which.Should().HaveCount(3);
    }

    [Fact]
    public void The_same_id_on_another_workspace_or_agent_is_another_session()
    {
        var events = new[] { Connect(0), Connect(0) with { AgentName = "other" }, Connect(0) with { WorkspaceId = Id(9) } };

        ConnectionFold.Rounds(events).Should().ContainSingle().Which.Should().HaveCount(3);
    }

    private static Dictionary<ConnectionKey, ConnectionLogEntry> OneByOne(
        Dictionary<ConnectionKey, ConnectionLogEntry> stored, IEnumerable<ConnectionEvent> events)
    {
        var rows = new Dictionary<ConnectionKey, ConnectionLogEntry>(stored);
        foreach (var next in events)
        {
            rows[next.Key!.Value] = ConnectionFold.Apply(rows.GetValueOrDefault(next.Key.Value), next);
        }

        return rows;
    }

    private static Dictionary<ConnectionKey, ConnectionLogEntry> ByRounds(
        Dictionary<ConnectionKey, ConnectionLogEntry> stored, IReadOnlyList<ConnectionEvent> events)
    {
        var rows = new Dictionary<ConnectionKey, ConnectionLogEntry>(stored);
        foreach (var change in ConnectionFold.Rounds(events).SelectMany(round => round))
        {
            var key = new ConnectionKey(change.ConnectionId!.Value, change.WorkspaceId, change.AgentName);
            rows[key] = ConnectionFold.Apply(rows.GetValueOrDefault(key), change);
        }

        return rows;
    }
}
