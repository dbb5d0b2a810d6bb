using Coder.Domain.Common;

namespace Coder.Domain.Workspaces;

/// <summary>How far an agent is in its life, as it reports it (docs/spec/workspaces.md, section 5).</summary>
public enum AgentLifecycle
{
    /// <summary>It has reported nothing yet.</summary>
    Created,

    /// <summary>Its start scripts run.</summary>
    Starting,

    /// <summary>A start script took longer than it may.</summary>
    StartTimeout,

    /// <summary>A start script failed.</summary>
    StartError,

    /// <summary>Its start scripts are done.</summary>
    Ready,

    /// <summary>Its stop scripts run.</summary>
    ShuttingDown,

    /// <summary>A stop script took longer than it may.</summary>
    ShutdownTimeout,

    /// <summary>A stop script failed.</summary>
    ShutdownError,

    /// <summary>It has ended.</summary>
    Off,
}

/// <summary>Whether an app answers its health check.</summary>
public enum AppHealth
{
    /// <summary>It has no health check.</summary>
    Disabled,

    /// <summary>It has not been checked yet.</summary>
    Initializing,

    /// <summary>It answers.</summary>
    Healthy,

    /// <summary>It failed as often in a row as its threshold says.</summary>
    Unhealthy,
}

/// <summary>What an app says it is doing.</summary>
public enum AppStatusState
{
    /// <summary>It works.</summary>
    Working,

    /// <summary>It waits.</summary>
    Idle,

    /// <summary>It has done what it had to.</summary>
    Complete,

    /// <summary>It gave up.</summary>
    Failure,
}

/// <summary>The names of <see cref="AgentLifecycle"/> on the wire and in the database.</summary>
public static class AgentLifecycles
{
    private static readonly WireTable<AgentLifecycle> Names = new(
        "created",
        "starting",
        "start_timeout",
        "start_error",
        "ready",
        "shutting_down",
        "shutdown_timeout",
        "shutdown_error",
        "off");

    /// <summary>The wire name.</summary>
    public static string WireName(this AgentLifecycle state) => Names[state];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out AgentLifecycle state) => Names.TryParse(name, out state);
}

/// <summary>The names of <see cref="AppHealth"/> on the wire and in the database.</summary>
public static class AppHealths
{
    private static readonly WireTable<AppHealth> Names = new("disabled", "initializing", "healthy", "unhealthy");

    /// <summary>The wire name.</summary>
    public static string WireName(this AppHealth health) => Names[health];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out AppHealth health) => Names.TryParse(name, out health);
}

/// <summary>The names of <see cref="AppStatusState"/> on the wire and in the database.</summary>
public static class AppStatusStates
{
    private static readonly WireTable<AppStatusState> Names = new("working", "idle", "complete", "failure");

    /// <summary>The wire name.</summary>
    public static string WireName(this AppStatusState state) => Names[state];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out AppStatusState state) => Names.TryParse(name, out state);
}
