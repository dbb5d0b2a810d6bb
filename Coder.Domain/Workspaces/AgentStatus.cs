using Coder.Domain.Common;

namespace Coder.Domain.Workspaces;

/// <summary>Whether the server hears of an agent.</summary>
public enum AgentStatus
{
    /// <summary>It has never been heard of, and there is still time.</summary>
    Connecting,

    /// <summary>It was heard of lately.</summary>
    Connected,

    /// <summary>It was heard of once, but not lately.</summary>
    Disconnected,

    /// <summary>It has never been heard of, longer than its template allows.</summary>
    Timeout,
}

/// <summary>When the server heard of an agent; what its status is derived from.</summary>
/// <param name="CreatedAt">When its build made it.</param>
/// <param name="TimeoutSeconds">How long it may take until it is heard of; 0 or less for any time.</param>
/// <param name="FirstConnectedAt">When it was first heard of.</param>
/// <param name="LastConnectedAt">When it was last heard of.</param>
/// <param name="DisconnectedAt">When it was found to be gone.</param>
/// <param name="Simulated">Whether there is no process behind it, so that there is nothing to hear of.</param>
public readonly record struct AgentContact(
    DateTimeOffset CreatedAt,
    int TimeoutSeconds,
    DateTimeOffset? FirstConnectedAt,
    DateTimeOffset? LastConnectedAt,
    DateTimeOffset? DisconnectedAt,
    bool Simulated)
{
    /// <summary>
    /// How long after its last call an agent still counts as connected. Every authenticated call of an agent is a sign of life, so an
    /// agent that has nothing to say repeats its lifecycle state more often than this.
    /// </summary>
    public static TimeSpan InactiveAfter { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The status at a time.</summary>
    public AgentStatus StatusAt(DateTimeOffset now) => FirstConnectedAt is null ? BeforeContact(now)
        : IsGone || (!Simulated && now - (LastConnectedAt ?? FirstConnectedAt) > InactiveAfter) ? AgentStatus.Disconnected
        : AgentStatus.Connected;

    private bool IsGone => DisconnectedAt is { } gone && !(LastConnectedAt > gone);

    private AgentStatus BeforeContact(DateTimeOffset now) =>
        TimeoutSeconds > 0 && now - CreatedAt > TimeSpan.FromSeconds(TimeoutSeconds) ? AgentStatus.Timeout : AgentStatus.Connecting;
}

/// <summary>The names of <see cref="AgentStatus"/> on the wire.</summary>
public static class AgentStatuses
{
    private static readonly WireTable<AgentStatus> Names = new("connecting", "connected", "disconnected", "timeout");

    /// <summary>The wire name.</summary>
    public static string WireName(this AgentStatus status) => Names[status];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out AgentStatus status) => Names.TryParse(name, out status);
}
