using System.Collections.Frozen;

namespace Coder.Domain.ConnectionLogs;

/// <summary>What somebody connected with (docs/spec/connection-logs.md, section 2).</summary>
public enum ConnectionType
{
    /// <summary>A session over SSH.</summary>
    Ssh,

    /// <summary>A session of VS Code.</summary>
    VsCode,

    /// <summary>A session of a JetBrains product.</summary>
    JetBrains,

    /// <summary>A session of the web terminal.</summary>
    ReconnectingPty,

    /// <summary>The opening of an application in a browser.</summary>
    WorkspaceApp,

    /// <summary>The opening of a forwarded port in a browser.</summary>
    PortForwarding,
}

/// <summary>The names of <see cref="ConnectionType"/> on the wire and in the database, and its two kinds.</summary>
public static class ConnectionTypes
{
    private static readonly FrozenDictionary<string, ConnectionType> ByName =
        Enum.GetValues<ConnectionType>().ToFrozenDictionary(WireName, StringComparer.Ordinal);

    /// <summary>The wire name.</summary>
    public static string WireName(this ConnectionType type) => type switch
    {
        ConnectionType.Ssh => "ssh",
        ConnectionType.VsCode => "vscode",
        ConnectionType.JetBrains => "jetbrains",
        ConnectionType.ReconnectingPty => "reconnecting_pty",
        ConnectionType.WorkspaceApp => "workspace_app",
        ConnectionType.PortForwarding => "port_forwarding",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>Reads a wire name.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string name, out ConnectionType type) => ByName.TryGetValue(name, out type);

    /// <summary>Whether events of this type have an id, a start and later an end; the others are openings in a browser.</summary>
    public static bool IsSession(this ConnectionType type) => type is not (ConnectionType.WorkspaceApp or ConnectionType.PortForwarding);
}
