namespace Coder.Application.Deployment;

/// <summary>How workspaces are used, in the whole deployment.</summary>
public sealed record WorkspaceStatistics
{
    /// <summary>What there is to tell without workspaces.</summary>
    public static WorkspaceStatistics None { get; } = new();

    /// <summary>Workspaces whose build waits.</summary>
    public long Pending { get; init; }

    /// <summary>Workspaces whose build runs.</summary>
    public long Building { get; init; }

    /// <summary>Workspaces that run.</summary>
    public long Running { get; init; }

    /// <summary>Workspaces whose last build failed.</summary>
    public long Failed { get; init; }

    /// <summary>Workspaces that do not run.</summary>
    public long Stopped { get; init; }

    /// <summary>The middle latency of connections, in milliseconds.</summary>
    public double LatencyP50 { get; init; }

    /// <summary>The latency that 95 of 100 connections stay below, in milliseconds.</summary>
    public double LatencyP95 { get; init; }

    /// <summary>Bytes that workspaces received.</summary>
    public long RxBytes { get; init; }

    /// <summary>Bytes that workspaces sent.</summary>
    public long TxBytes { get; init; }

    /// <summary>Open sessions of VS Code.</summary>
    public long Vscode { get; init; }

    /// <summary>Open SSH sessions.</summary>
    public long Ssh { get; init; }

    /// <summary>Open sessions of JetBrains IDEs.</summary>
    public long Jetbrains { get; init; }

    /// <summary>Open web terminals.</summary>
    public long ReconnectingPty { get; init; }
}

/// <summary>Counts how workspaces are used. The feature that has workspaces implements it; without one there is nothing to count.</summary>
public interface IWorkspaceStatistics
{
    /// <summary>Reads everything.</summary>
    /// <param name="since">Where the times that are counted begin.</param>
    /// <param name="ct">Cancels the reading.</param>
    Task<WorkspaceStatistics> ReadAsync(DateTimeOffset since, CancellationToken ct);
}

/// <summary>Statistics and their times.</summary>
/// <param name="AggregatedFrom">Where the counted time begins.</param>
/// <param name="CollectedAt">When they were read.</param>
/// <param name="NextUpdateAt">When they are read again.</param>
/// <param name="Workspaces">The numbers.</param>
public sealed record DeploymentStats(
    DateTimeOffset AggregatedFrom, DateTimeOffset CollectedAt, DateTimeOffset NextUpdateAt, WorkspaceStatistics Workspaces)
{
    /// <summary>How often they are read.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromMinutes(1);

    /// <summary>How far back traffic is counted.</summary>
    public static TimeSpan Window { get; } = TimeSpan.FromDays(1);
}

/// <summary>The last statistics that this node read.</summary>
public sealed class DeploymentStatsCache
{
    private DeploymentStats? _current;

    /// <summary><see langword="null"/> until they were read once.</summary>
    public DeploymentStats? Current
    {
        get => Volatile.Read(ref _current);
        internal set => Volatile.Write(ref _current, value);
    }
}
