using Coder.Domain.Provisioning;
using Coder.Domain.Workspaces;

namespace Coder.Domain.Tests.Workspaces;

/// <summary>docs/spec/workspaces.md, sections 5 and 7.4.</summary>
public sealed class AgentProgressTests
{
    private static readonly DateTimeOffset T0 = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset T1 = T0.AddMinutes(1);

    [Fact]
    public void A_start_begins_anew()
    {
        var before = new AgentProgress(AgentLifecycle.Off, T0, T0, T0);

        before.Report(AgentLifecycle.Starting, T1).Should().Be(new AgentProgress(AgentLifecycle.Starting, T1, null, null));
    }

    [Theory]
    [InlineData(AgentLifecycle.Ready)]
    [InlineData(AgentLifecycle.StartTimeout)]
    [InlineData(AgentLifecycle.StartError)]
    public void The_end_of_a_start_is_noted_however_it_ended(AgentLifecycle state)
    {
        new AgentProgress(AgentLifecycle.Starting, T0, null, null).Report(state, T1).Should().Be(new AgentProgress(state, T0, T1, null));
        default(AgentProgress).Report(state, T1).Should().Be(new AgentProgress(state, T1, T1, null), "a report may get lost");
    }

    [Theory]
    [InlineData(AgentLifecycle.ShuttingDown)]
    [InlineData(AgentLifecycle.ShutdownTimeout)]
    [InlineData(AgentLifecycle.ShutdownError)]
    public void The_steps_of_a_shutdown_keep_the_times_of_the_start(AgentLifecycle state) =>
        new AgentProgress(AgentLifecycle.Ready, T0, T0, null).Report(state, T1).Should().Be(new AgentProgress(state, T0, T0, null));

    [Fact]
    public void The_end_is_the_end() =>
        new AgentProgress(AgentLifecycle.Ready, T0, T0, null).Report(AgentLifecycle.Off, T1)
            .Should().Be(new AgentProgress(AgentLifecycle.Off, T0, T0, T1));

    [Fact]
    public void Long_lines_are_stored_as_several_and_NUL_is_replaced()
    {
        var batch = AgentLogBatch.Of(
            [new AgentLogLine(T0, LogLevel.Warn, new string('x', 1_025)), new AgentLogLine(T1, LogLevel.Info, "a\0b")]);

        batch.Lines.Select(line => line.Output).Should().Equal(new string('x', 1_024), "x", "a\uFFFDb");
        batch.Lines.Select(line => line.CreatedAt).Should().Equal(T0, T0, T1);
        batch.Length.Should().Be(1_025 + 5, "bytes of UTF-8 count");
    }
}
