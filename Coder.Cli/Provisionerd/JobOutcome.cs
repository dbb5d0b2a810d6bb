namespace Coder.Cli.Provisionerd;

/// <summary>How the work on a job ended, seen from whoever did it.</summary>
internal abstract record JobOutcome
{
    /// <summary>What is known of the workspace now; <see langword="null"/>: what the build began with.</summary>
    public byte[]? State { get; init; }

    /// <summary>The base64 of the state.</summary>
    internal string? StateText => State is null ? null : Convert.ToBase64String(State);

    /// <summary>It is done.</summary>
    internal sealed record Done(CompleteJobJson Result) : JobOutcome;

    /// <summary>It can not be done.</summary>
    internal sealed record Failed(string Error) : JobOutcome
    {
        /// <summary>Why, for programs.</summary>
        public string? ErrorCode { get; init; }

        /// <summary>What the template asks for, if that is what was missing.</summary>
        public IReadOnlyList<VariableJson>? Variables { get; init; }
    }

    /// <summary>It was told to stop, and has.</summary>
    internal sealed record Stopped : JobOutcome;
}

/// <summary>Does jobs of one kind of template.</summary>
internal interface IProvisioner
{
    /// <summary>The name under which daemons offer it.</summary>
    string Name { get; }

    /// <summary>Does a job; ends soon after <paramref name="stop"/>, with <see cref="JobOutcome.Stopped"/>.</summary>
    /// <param name="job">What to do.</param>
    /// <param name="folder">Holds the unpacked archive; what else is written there is gone afterwards.</param>
    /// <param name="log">Gets the lines for the job's log.</param>
    /// <param name="stop">Somebody canceled the job, or the daemon is to end at once.</param>
    Task<JobOutcome> RunAsync(AcquiredJobJson job, string folder, IJobLog log, CancellationToken stop);
}

/// <summary>The log of a job.</summary>
internal interface IJobLog
{
    /// <summary>Adds a line; comes back at once.</summary>
    /// <param name="level">One of the server's names: trace, debug, info, warn, error.</param>
    /// <param name="stage">What the job is busy with.</param>
    /// <param name="output">Of any length.</param>
    void Write(string level, string stage, string output);
}
