using System.Net;
using Coder.Domain.ConnectionLogs;
using Coder.Testing;
using CsCheck;

namespace Coder.Infrastructure.Tests.ConnectionLogs;

/// <summary>docs/spec/connection-logs.md, sections 3.1, 4.1, 10 and 12.3 b.</summary>
public abstract class ConnectionLogWriterTests(DatabaseFixture fixture) : ConnectionLogTests(fixture)
{
    [Fact]
    public async Task A_session_is_one_row_with_the_id_of_its_first_event()
    {
        var start = Connect();
        await WriteAsync(start);
        await WriteAsync(End(start, Now.AddMinutes(5), 3, "closed") with { WorkspaceName = "renamed", Ip = null });

        (await EntriesAsync()).Should().ContainSingle().Which.Should().Be(
            Row(start) with { DisconnectTime = Now.AddMinutes(5), Code = 3, DisconnectReason = "closed" });
    }

    [Fact]
    public async Task The_same_event_once_more_changes_nothing()
    {
        var start = Connect();
        var end = End(start, Now.AddMinutes(5));
        await WriteAsync(start);
        await WriteAsync(start, end);
        await WriteAsync(end);

        (await EntriesAsync()).Should().ContainSingle().Which.Should().Be(Row(start) with { DisconnectTime = Now.AddMinutes(5), Code = 0 });
    }

    [Fact]
    public async Task A_second_connect_changes_nothing()
    {
        var start = Connect();
        await WriteAsync(start);
        await WriteAsync(start with { Id = TestIds.New(), Time = Now.AddHours(-1), Type = ConnectionType.VsCode });

        (await EntriesAsync()).Should().ContainSingle().Which.Should().Be(Row(start));
    }

    [Fact]
    public async Task An_end_before_a_start_and_another_end_leave_the_first_end()
    {
        var start = Connect(Now.AddMinutes(10));
        var end = End(start, Now, 1, "first");
        await WriteAsync(end);
        await WriteAsync(start);
        await WriteAsync(End(start, Now.AddMinutes(20), 2, "second"));

        (await EntriesAsync()).Should().ContainSingle().Which.Should().Be(
            Row(end) with { DisconnectTime = Now, Code = 1, DisconnectReason = "first" });
    }

    [Fact]
    public async Task The_same_id_of_two_agents_is_two_rows()
    {
        var start = Connect();
        await WriteAsync(start, start with { Id = TestIds.New(), AgentName = "other" }, start with { Id = TestIds.New(), WorkspaceId = TestIds.New() });

        (await EntriesAsync()).Should().HaveCount(3);
    }

    [Fact]
    public async Task Openings_never_merge()
    {
        var opening = Open();
        await WriteAsync(opening, opening with { Id = TestIds.New() });
        await WriteAsync(opening with { Id = TestIds.New() });

        (await EntriesAsync()).Should().HaveCount(3).And.OnlyContain(e => e.Code == 200 && e.DisconnectTime == null);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("192.0.2.7")]
    [InlineData("2001:db8::1")]
    public async Task What_is_read_is_what_was_written(string? ip)
    {
        var opening = Open(Now.AddTicks(12_345 * 10)) with
        {
            Ip = ip is null ? null : IPAddress.Parse(ip),
            WorkspaceName = "wörk 😀 ' \\ \"",
            AgentName = "日本",
        };
        await WriteAsync(opening);

        (await EntriesAsync()).Should().ContainSingle().Which.Should().Be(Row(opening));
    }

    [Fact]
    public async Task Many_writers_of_one_session_make_one_row_and_no_error()
    {
        var start = Connect();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(
            () => WriteAsync(i % 2 == 0 ? start with { Id = TestIds.New() } : End(start, Now.AddMinutes(i))), Ct)));

        (await EntriesAsync()).Should().ContainSingle().Which.DisconnectTime.Should().NotBeNull();
    }

    [Fact]
    public async Task Writers_of_the_same_sessions_in_different_orders_do_not_wait_for_each_other_for_ever()
    {
        var starts = Enumerable.Range(0, 50).Select(_ => Connect()).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(
            () => WriteAsync([.. starts.OrderBy(_ => TestIds.New()).Select(s => i % 2 == 0 ? s : End(s, Now.AddMinutes(1)))]), Ct)));

        (await EntriesAsync()).Should().HaveCount(50);
    }

    [Fact]
    public async Task Batches_store_what_the_rules_say_one_event_after_the_other()
    {
        await AnyBatches.SampleAsync(
            async batches =>
            {
                var template = Connect();
                var workspace = TestIds.New();
                var expected = new Dictionary<ConnectionKey, ConnectionLogEntry>();
                foreach (var batch in batches)
                {
                    var events = batch.Select(b => Event(template, workspace, b)).ToArray();
                    await WriteAsync(events);
                    foreach (var next in events)
                    {
                        expected[next.Key!.Value] = ConnectionFold.Apply(expected.GetValueOrDefault(next.Key.Value), next);
                    }
                }

                (await EntriesAsync(Mine with { WorkspaceId = workspace })).Should().BeEquivalentTo(expected.Values);
            },
            iter: 150,
            threads: 1);

        (await Upkeep.FindDriftAsync(Ct)).Should().BeEmpty("the numbers follow every change, also of the day and the type");
    }

    private static Gen<int[][]> AnyBatches { get; } = Gen.Int[0, 2047].Array[1, 8].Array[1, 4];

    // Few sessions and times, a day and a half apart, so that all cases meet.
    private static ConnectionEvent Event(ConnectionEvent template, Guid workspace, int bits)
    {
        var start = template with
        {
            Id = TestIds.New(),
            Time = Now.AddHours(36 * (bits & 3)),
            WorkspaceId = workspace,
            ConnectionId = new Guid((bits >> 2) & 1, 0, 0, new byte[8]),
            Type = (bits & 8) == 0 ? ConnectionType.Ssh : ConnectionType.VsCode,
            Ip = (bits & 16) == 0 ? null : IPAddress.Loopback,
        };
        return (bits & 32) == 0 ? start : start with
        {
            Status = ConnectionStatus.Disconnected,
            Code = (bits & 64) == 0 ? null : bits >> 8,
            DisconnectReason = (bits & 128) == 0 ? null : $"reason {bits}",
        };
    }

    private static ConnectionLogEntry Row(ConnectionEvent e) => ConnectionFold.Apply(null, e);
}

/// <summary>The log as one table.</summary>
public sealed class WholeConnectionLogWriterTests(DatabaseFixture fixture)
    : ConnectionLogWriterTests(fixture), IClassFixture<DatabaseFixture>;

/// <summary>The log as a table for each month: all answers are the same.</summary>
public sealed class PartitionedConnectionLogWriterTests(PartitionedLogFixture fixture)
    : ConnectionLogWriterTests(fixture.Log), IClassFixture<PartitionedLogFixture>;
