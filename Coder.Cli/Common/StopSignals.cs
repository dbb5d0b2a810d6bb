namespace Coder.Cli.Common;

/// <summary>How often the user asked the tool to stop, with Ctrl+C or SIGTERM. Most commands listen to the first time only.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _first = new();
    private readonly CancellationTokenSource _second = new();
    private volatile bool _secondCounts;

    /// <summary>Fires the first time.</summary>
    internal CancellationToken First => _first.Token;

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    /// <summary>Fires the second time, which does not end the process then.</summary>
    internal CancellationToken ListenForSecond()
    {
        _secondCounts = true;
        return _second.Token;
    }

    /// <summary>The user asks once more.</summary>
    /// <returns><see langword="false"/> when nobody listens any more, and the process is to end.</returns>
    internal bool Signal()
    {
        if (!_first.IsCancellationRequested)
        {
            _first.Cancel();
            return true;
        }

        if (!_secondCounts || _second.IsCancellationRequested)
        {
            return false;
        }

        _second.Cancel();
        return true;
    }
}
