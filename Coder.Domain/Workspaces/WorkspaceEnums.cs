using Coder.Domain.Common;

namespace Coder.Domain.Workspaces;

/// <summary>What a build does.</summary>
public enum WorkspaceTransition
{
    /// <summary>Makes the resources.</summary>
    Start,

    /// <summary>Removes what only a running workspace needs.</summary>
    Stop,

    /// <summary>Removes everything.</summary>
    Delete,
}

/// <summary>Why there was a build (docs/spec/workspaces.md, section 1.2).</summary>
public enum BuildReason
{
    /// <summary>Somebody asked for it without saying from where; also every build of the prebuilds reconciler.</summary>
    Initiator,

    /// <summary>The schedule of the workspace.</summary>
    Autostart,

    /// <summary>The deadline, a suspended owner, or a failed start.</summary>
    Autostop,

    /// <summary>Nobody used the workspace.</summary>
    Dormancy,

    /// <summary>Known from older databases; never written.</summary>
    FailedStop,

    /// <summary>The workspace stayed dormant.</summary>
    AutoDelete,

    /// <summary>Asked for in the dashboard.</summary>
    Dashboard,

    /// <summary>Asked for on the command line.</summary>
    Cli,

    /// <summary>Somebody connected by SSH.</summary>
    SshConnection,

    /// <summary>Somebody connected with VS Code.</summary>
    VscodeConnection,

    /// <summary>Somebody connected with a JetBrains IDE.</summary>
    JetbrainsConnection,
}

/// <summary>Whether a workspace moves to new versions of its template by itself.</summary>
public enum AutomaticUpdates
{
    /// <summary>At every start.</summary>
    Always,

    /// <summary>Only when somebody asks.</summary>
    Never,
}

/// <summary>The names of <see cref="WorkspaceTransition"/> on the wire and in the database.</summary>
public static class WorkspaceTransitions
{
    private static readonly WireTable<WorkspaceTransition> Names = new("start", "stop", "delete");

    /// <summary>The wire name.</summary>
    public static string WireName(this WorkspaceTransition transition) => Names[transition];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out WorkspaceTransition transition) => Names.TryParse(name, out transition);
}

/// <summary>The names of <see cref="BuildReason"/> on the wire and in the database.</summary>
public static class BuildReasons
{
    private static readonly WireTable<BuildReason> Names = new(
        "initiator",
        "autostart",
        "autostop",
        "dormancy",
        "failedstop",
        "autodelete",
        "dashboard",
        "cli",
        "ssh_connection",
        "vscode_connection",
        "jetbrains_connection");

    /// <summary>The wire name.</summary>
    public static string WireName(this BuildReason reason) => Names[reason];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out BuildReason reason) => Names.TryParse(name, out reason);

    /// <summary>Whether a request may name it (section 7.2); the others are the server's own.</summary>
    public static bool IsOfClients(this BuildReason reason) => reason is BuildReason.Dashboard
        or BuildReason.Cli or BuildReason.SshConnection or BuildReason.VscodeConnection or BuildReason.JetbrainsConnection;
}

/// <summary>The names of <see cref="AutomaticUpdates"/> on the wire and in the database.</summary>
public static class AutomaticUpdatesNames
{
    private static readonly WireTable<AutomaticUpdates> Names = new("always", "never");

    /// <summary>The wire name.</summary>
    public static string WireName(this AutomaticUpdates updates) => Names[updates];

    /// <summary>Reads a wire name, which is compared exactly.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string? name, out AutomaticUpdates updates) => Names.TryParse(name, out updates);
}
