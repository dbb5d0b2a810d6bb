using Coder.Domain.ConnectionLogs;
using CsCheck;
using static Coder.Domain.Tests.ConnectionLogs.Connections;

namespace Coder.Domain.Tests.ConnectionLogs;

/// <summary>docs/spec/connection-logs.md, sections 4.1, 4.3, 4.4 and 10.</summary>
public sealed class ConnectionEventTests
{
    private static readonly ConnectedAgent Agent = new(Organization, Owner, Workspace, "work", "main");

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("  ", null)]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData(" 192.0.2.7 ", "192.0.2.7")]
    [InlineData("192.0.2.7:22", "192.0.2.7")]
    [InlineData("[2001:db8::1]:22", "2001:db8::1")]
    [InlineData("[2001:db8::1]", "2001:db8::1")]
    [InlineData("2001:DB8::1", "2001:db8::1")]
    [InlineData("fe80::1%eth0", "fe80::1")]
    [InlineData("[fe80::1%eth0]:22", "fe80::1")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("[::ffff:192.0.2.7]:80", "192.0.2.7")]
    [InlineData("localhost", "127.0.0.1")]
    [InlineData("LocalHost", "127.0.0.1")]
    [InlineData("LOCALHOST:2222", "127.0.0.1")]
    [InlineData("::1", "::1")]
    [InlineData("example.com", null)]
    [InlineData("1", null)]
    [InlineData("300.1.1.1", null)]
    [InlineData("[::1", "::1")]
    [InlineData("'; drop table users;--", null)]
    [InlineData("\0", null)]
    public void An_address_is_read_in_any_form_or_is_unknown(string? text, string? address) =>
        ClientAddress.Parse(text)?.ToString().Should().Be(address);

    [Fact]
    public void No_text_is_too_bad_for_an_address() => Gen.String.Sample(text => { ClientAddress.Parse(text); });

    [Fact]
    public void A_report_of_a_start_has_no_code_and_no_reason()
    {
        var e = new AgentReport(Id(5), ConnectionStatus.Connected, ConnectionType.VsCode, Now, "localhost", 3, "why").ToEvent(Id(1), Agent, Now);

        e.Should().Be(new ConnectionEvent
        {
            Id = Id(1),
            Time = Now,
            Status = ConnectionStatus.Connected,
            Type = ConnectionType.VsCode,
            OrganizationId = Organization,
            WorkspaceOwnerId = Owner,
            WorkspaceId = Workspace,
            WorkspaceName = "work",
            AgentName = "main",
            Ip = System.Net.IPAddress.Loopback,
            ConnectionId = Id(5),
        });
    }

    [Fact]
    public void A_report_of_an_end_has_code_0_unless_it_says_another_one()
    {
        var report = new AgentReport(Id(5), ConnectionStatus.Disconnected, ConnectionType.Ssh, Now, Reason: "");

        report.ToEvent(Id(1), Agent, Now).Code.Should().Be(0);
        report.ToEvent(Id(1), Agent, Now).DisconnectReason.Should().BeNull("an empty reason is none");
        (report with { StatusCode = 255, Reason = "x" }).ToEvent(Id(1), Agent, Now).Should().Match<ConnectionEvent>(
            e => e.Code == 255 && e.DisconnectReason == "x");
    }

    [Fact]
    public void A_report_without_a_time_or_of_year_1_is_of_now()
    {
        var report = new AgentReport(Id(5), ConnectionStatus.Connected, ConnectionType.Ssh);

        report.ToEvent(Id(1), Agent, Now).Time.Should().Be(Now);
        (report with { Time = DateTimeOffset.MinValue }).ToEvent(Id(1), Agent, Now).Time.Should().Be(Now);
    }

    [Theory]
    [InlineData(300, 300)]
    [InlineData(301, 0)]
    [InlineData(-999_999, -999_999)]
    public void A_clock_that_runs_more_than_five_minutes_ahead_does_not_count(int sent, int stored) =>
        Connect(sent).Normalized(Now).Time.Should().Be(Now.AddSeconds(stored));

    [Fact]
    public void A_time_is_in_utc_and_whole_microseconds()
    {
        var time = new DateTimeOffset(2026, 3, 1, 14, 0, 0, TimeSpan.FromHours(2)).AddTicks(7);

        var stored = (Connect(0) with { Time = time }).Normalized(Now).Time;

        stored.Should().BeExactly(Now);
    }

    [Theory]
    [InlineData(ConnectionType.WorkspaceApp)]
    [InlineData(ConnectionType.PortForwarding)]
    public void An_agent_reports_no_openings(ConnectionType type)
    {
        var making = () => new AgentReport(Id(5), ConnectionStatus.Connected, type).ToEvent(Id(1), Agent, Now);

        making.Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void An_application_a_port_and_the_terminal_are_told_apart()
    {
        Opening(WebTarget.App(Id(7), "code-server")).Should().Match<ConnectionEvent>(
            e => e.Type == ConnectionType.WorkspaceApp && e.SlugOrPort == "code-server" && e.ConnectionId == null);
        Opening(WebTarget.Port("9090")).Should().Match<ConnectionEvent>(e => e.Type == ConnectionType.PortForwarding && e.SlugOrPort == "9090");
        Opening(WebTarget.Terminal).Should().Match<ConnectionEvent>(e => e.Type == ConnectionType.WorkspaceApp && e.SlugOrPort == "terminal");
    }

    [Theory]
    [InlineData(null, 200)]
    [InlineData(0, 200)]
    [InlineData(303, 303)]
    [InlineData(404, 404)]
    [InlineData(502, 502)]
    public void The_outcome_of_an_opening_is_its_code_and_an_unknown_one_200(int? status, int code) =>
        (new WebOpening(Agent, Id(6), WebTarget.Terminal, StatusCode: status).ToEvent(Id(1), Now)).Code.Should().Be(code);

    [Fact]
    public void Nobody_is_the_user_of_a_visitor_who_is_not_signed_in()
    {
        var opening = new WebOpening(Agent, Id(6), WebTarget.Terminal, UserId: Guid.Empty);

        opening.ToEvent(Id(1), Now).UserId.Should().BeNull();
        opening.Key.UserId.Should().Be(Guid.Empty);
    }

    [Fact]
    public void A_long_user_agent_is_cut_without_half_a_character_and_so_it_is_in_the_key()
    {
        var opening = new WebOpening(Agent, Id(6), WebTarget.Terminal, UserAgent: new string('a', 1023) + "😀" + new string('b', 9000));

        opening.Key.UserAgent.Should().Be(new string('a', 1023));
        opening.ToEvent(Id(1), Now).UserAgent.Should().Be(opening.Key.UserAgent);
    }

    [Fact]
    public void What_was_opened_is_cut_without_half_a_character_and_so_it_is_in_the_key()
    {
        var slug = new string('a', 255) + "😀" + new string('b', 3_000_000);
        WebTarget[] targets = [WebTarget.App(Id(7), slug), WebTarget.Port(slug)];

        foreach (var target in targets)
        {
            new WebOpening(Agent, Id(6), target).Key.SlugOrPort.Should().Be(new string('a', 255));
            Opening(target).SlugOrPort.Should().Be(new string('a', 255));
        }
    }

    [Fact]
    public void The_reason_of_an_end_is_cut_without_half_a_character()
    {
        var report = new AgentReport(
            Id(5), ConnectionStatus.Disconnected, ConnectionType.Ssh, Reason: new string('a', 1023) + "😀" + new string('b', 1_000_000));

        report.ToEvent(Id(1), Agent, Now).DisconnectReason.Should().Be(new string('a', 1023));
        (report with { Reason = new string('a', 1024) }).ToEvent(Id(1), Agent, Now).DisconnectReason.Should().HaveLength(1024);
    }

    [Fact]
    public void Whoever_makes_an_event_no_text_of_it_is_stored_at_any_length()
    {
        var text = new string('x', 100_000);
        var end = Disconnect(0) with { WorkspaceName = text, AgentName = text, UserAgent = text, SlugOrPort = text, DisconnectReason = text };

        var stored = end.Normalized(Now);

        (stored.WorkspaceName.Length, stored.AgentName.Length, stored.SlugOrPort!.Length).Should().Be((256, 256, 256));
        (stored.UserAgent!.Length, stored.DisconnectReason!.Length).Should().Be((1024, 1024));
    }

    [Fact]
    public void Texts_lose_what_a_database_can_not_hold()
    {
        var e = (Connect(0) with { WorkspaceName = "a\0b", AgentName = "\ud800x😀" }).Normalized(Now);

        e.WorkspaceName.Should().Be("a\ufffdb");
        e.AgentName.Should().Be("\ufffdx😀");
    }

    private static ConnectionEvent Opening(WebTarget target) => new WebOpening(Agent, Id(6), target, Id(8), "192.0.2.1", "firefox").ToEvent(Id(1), Now);
}
