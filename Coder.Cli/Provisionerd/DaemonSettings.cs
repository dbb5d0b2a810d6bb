namespace Coder.Cli.Provisionerd;

/// <summary>Who the daemon is and how it works.</summary>
internal sealed record DaemonSettings
{
    /// <summary>At most 64 characters.</summary>
    public required string Name { get; init; }

    /// <summary>A name or an id.</summary>
    public required string Organization { get; init; }

    /// <summary>Whom it works for.</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>How long one request waits for a job.</summary>
    public required TimeSpan PollInterval { get; init; }

    /// <inheritdoc cref="Provisionerd.UnsavedStates"/>
    public required UnsavedStates UnsavedStates { get; init; }

    /// <inheritdoc cref="DaemonTiming"/>
    public DaemonTiming Timing { get; init; } = new();
}

/// <summary>The rhythm of the daemon's calls.</summary>
internal sealed record DaemonTiming
{
    /// <summary>How long log lines are gathered.</summary>
    public TimeSpan Gather { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often a job that writes nothing is reported, and how late the daemon hears of a cancellation; the server wants 30 s.</summary>
    public TimeSpan Beat { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After so long without a report that arrived a job stops: soon the server gives it up.</summary>
    public TimeSpan Lost { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>The wait after the first failure of a call.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two tries.</summary>
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the end of a job may take to hand in when the daemon was told to stop at once.</summary>
    public TimeSpan Farewell { get; init; } = TimeSpan.FromSeconds(10);
}
