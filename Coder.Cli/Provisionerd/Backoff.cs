using Coder.Cli.Common;

namespace Coder.Cli.Provisionerd;

/// <summary>Waits longer from failure to failure, up to a limit.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, TimeProvider time)
{
    private TimeSpan? _next;

    /// <summary>A success: the next failure is the first one again.</summary>
    internal void Reset() => _next = null;

    /// <summary>Waits, and doubles the next wait.</summary>
    internal async Task WaitAsync(CancellationToken cancellationToken)
    {
        var wait = _next ?? first;
        _next = wait * 2 < longest ? wait * 2 : longest;
        await Task.Delay(wait, time, cancellationToken);
    }
}

/// <summary>Tells what may be better in a moment from what will not.</summary>
internal static class Failures
{
    /// <summary>Whether the same request may succeed later: the server is away, restarts, or is busy.</summary>
    internal static bool IsTransient(this CliError error) => error.Status is null or 408 or 429 or >= 500;
}
