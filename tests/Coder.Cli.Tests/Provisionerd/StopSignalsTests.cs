using Coder.Cli.Common;

namespace Coder.Cli.Tests.Provisionerd;

public sealed class StopSignalsTests
{
    [Fact]
    public void The_second_signal_ends_a_command_that_does_not_listen_to_it()
    {
        using var stop = new StopSignals();

        (stop.Signal(), stop.Signal()).Should().Be((true, false));
        stop.First.IsCancellationRequested.Should().BeTrue();
    }

    [Fact]
    public void A_daemon_takes_two_signals_and_the_third_ends_it()
    {
        using var stop = new StopSignals();
        var second = stop.ListenForSecond();

        stop.Signal().Should().BeTrue();
        second.IsCancellationRequested.Should().BeFalse();
        (stop.Signal(), stop.Signal()).Should().Be((true, false));
        second.IsCancellationRequested.Should().BeTrue();
    }
}
