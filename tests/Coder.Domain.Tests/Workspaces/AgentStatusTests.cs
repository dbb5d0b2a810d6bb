using Coder.Domain.Workspaces;

namespace Coder.Domain.Tests.Workspaces;

/// <summary>docs/spec/workspaces.md, sections 4 and 5.</summary>
public sealed class AgentStatusTests
{
    private static readonly DateTimeOffset Created = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 120, AgentStatus.Connecting)]
    [InlineData(120, 120, AgentStatus.Connecting)]
    [InlineData(121, 120, AgentStatus.Timeout)]
    [InlineData(100_000, 0, AgentStatus.Connecting)]
    [InlineData(100_000, -1, AgentStatus.Connecting)]
    public void One_that_was_never_heard_of_connects_until_its_time_is_up(int age, int timeout, AgentStatus status) =>
        new AgentContact(Created, timeout, null, null, null, false).StatusAt(Created.AddSeconds(age)).Should().Be(status);

    [Theory]
    [InlineData(30, AgentStatus.Connected)]
    [InlineData(31, AgentStatus.Disconnected)]
    public void One_that_was_heard_of_is_connected_for_thirty_seconds(int silence, AgentStatus status)
    {
        var last = Created.AddHours(1);

        new AgentContact(Created, 120, Created, last, null, false).StatusAt(last.AddSeconds(silence)).Should().Be(status);
        new AgentContact(Created, 120, last, null, null, false).StatusAt(last.AddSeconds(silence)).Should().Be(status);
    }

    [Theory]
    [InlineData(0, AgentStatus.Disconnected)]
    [InlineData(1, AgentStatus.Connected)]
    public void One_that_has_gone_is_disconnected_until_it_is_heard_of_again(int later, AgentStatus status)
    {
        var gone = Created.AddMinutes(1);

        new AgentContact(Created, 120, Created, gone.AddSeconds(later), gone, false).StatusAt(gone.AddSeconds(later)).Should().Be(status);
    }

    [Fact]
    public void One_without_a_process_is_connected_until_it_is_said_to_have_gone()
    {
        var contact = new AgentContact(Created, 120, Created, Created, null, true);

        contact.StatusAt(Created.AddDays(9)).Should().Be(AgentStatus.Connected);
        (contact with { DisconnectedAt = Created.AddDays(1) }).StatusAt(Created.AddDays(9)).Should().Be(AgentStatus.Disconnected);
        (contact with { FirstConnectedAt = null, LastConnectedAt = null }).StatusAt(Created).Should().Be(AgentStatus.Connecting);
    }

    [Theory]
    [InlineData(AgentStatus.Connecting, AgentLifecycle.Created, true)]
    [InlineData(AgentStatus.Connected, AgentLifecycle.Starting, true)]
    [InlineData(AgentStatus.Connected, AgentLifecycle.StartTimeout, true)]
    [InlineData(AgentStatus.Connected, AgentLifecycle.Ready, true)]
    [InlineData(AgentStatus.Connected, AgentLifecycle.StartError, false)]
    [InlineData(AgentStatus.Connected, AgentLifecycle.ShuttingDown, false)]
    [InlineData(AgentStatus.Connected, AgentLifecycle.ShutdownTimeout, false)]
    [InlineData(AgentStatus.Connected, AgentLifecycle.ShutdownError, false)]
    [InlineData(AgentStatus.Connected, AgentLifecycle.Off, false)]
    [InlineData(AgentStatus.Timeout, AgentLifecycle.Created, false)]
    [InlineData(AgentStatus.Disconnected, AgentLifecycle.Ready, false)]
    public void An_agent_that_somebody_should_look_at_says_why(AgentStatus status, AgentLifecycle lifecycle, bool isHealthy)
    {
        var health = AgentHealth.Of(status, lifecycle);

        health.IsHealthy.Should().Be(isHealthy);
        (health.Reason.Length == 0).Should().Be(isHealthy);
    }

    [Fact]
    public void An_agent_that_ended_by_itself_is_not_said_to_be_lost() =>
        AgentHealth.Of(AgentStatus.Disconnected, AgentLifecycle.Off).Reason.Should().Be("The agent has ended.");

    [Fact]
    public void Names_are_read_as_they_are_written()
    {
        foreach (var status in Enum.GetValues<AgentStatus>())
        {
            AgentStatuses.TryParse(status.WireName(), out var read).Should().BeTrue();
            read.Should().Be(status);
        }

        AgentStatuses.TryParse("Connected", out _).Should().BeFalse();
    }
}
