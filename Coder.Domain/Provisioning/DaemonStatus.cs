using Coder.Domain.Common;

namespace Coder.Domain.Provisioning;

/// <summary>What a provisioner daemon is doing.</summary>
public enum DaemonStatus
{
    /// <summary>Not heard of for <see cref="DaemonStatuses.StaleAfter"/>.</summary>
    Offline,

    /// <summary>Waits for a job.</summary>
    Idle,

    /// <summary>Works on a job.</summary>
    Busy,
}

/// <summary>The rules of <see cref="DaemonStatus"/> (docs/spec/workspaces.md, section 3.5) and its names on the wire.</summary>
public static class DaemonStatuses
{
    private static readonly WireTable<DaemonStatus> Names = new("offline", "idle", "busy");

    /// <summary>A daemon that was not heard of for longer counts as gone: 90 seconds.</summary>
    public static TimeSpan StaleAfter { get; } = TimeSpan.FromSeconds(90);

    /// <summary>Derives the status.</summary>
    /// <param name="lastSeenAt">When the daemon was last heard of; <see langword="null"/>: never.</param>
    /// <param name="hasJob">Whether it has a job that has not ended.</param>
    /// <param name="now">The time of the question.</param>
    public static DaemonStatus Of(DateTimeOffset? lastSeenAt, bool hasJob, DateTimeOffset now) => lastSeenAt switch
    {
        null => DaemonStatus.Offline,
        { } seen when now - seen > StaleAfter => DaemonStatus.Offline,
        _ => hasJob ? DaemonStatus.Busy : DaemonStatus.Idle,
    };

    /// <summary>The wire name.</summary>
    public static string WireName(this DaemonStatus status) => Names[status];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out DaemonStatus status) => Names.TryParse(name, out status);
}
