namespace Coder.Domain.ConnectionLogs;

/// <summary>What an event says. No row has it: it is for writing only.</summary>
public enum ConnectionStatus
{
    /// <summary>A session began, or something was opened in a browser.</summary>
    Connected,

    /// <summary>A session ended.</summary>
    Disconnected,
}

/// <summary>The names of <see cref="ConnectionStatus"/> on the wire.</summary>
public static class ConnectionStatuses
{
    /// <summary>The wire name.</summary>
    public static string WireName(this ConnectionStatus status) => status switch
    {
        ConnectionStatus.Connected => "connected",
        ConnectionStatus.Disconnected => "disconnected",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };
}
