namespace Coder.Domain.ConnectionLogs;

/// <summary>Whether a session has ended. Openings in a browser have no such status.</summary>
public enum SessionStatus
{
    /// <summary>No end is known.</summary>
    Ongoing,

    /// <summary>The end is known.</summary>
    Completed,
}

/// <summary>The names of <see cref="SessionStatus"/> in searches: two vocabularies for the same (docs/spec/connection-logs.md, section 6.1).</summary>
public static class SessionStatuses
{
    /// <summary>The name that this product prints.</summary>
    public static string WireName(this SessionStatus status) => status switch
    {
        SessionStatus.Ongoing => "ongoing",
        SessionStatus.Completed => "completed",
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    /// <summary>Reads <c>ongoing</c> or <c>connected</c>, and <c>completed</c> or <c>disconnected</c>.</summary>
    /// <returns><see langword="false"/> when the name is none of the four.</returns>
    public static bool TryParse(string name, out SessionStatus status)
    {
        status = name is "completed" or "disconnected" ? SessionStatus.Completed : SessionStatus.Ongoing;
        return name is "ongoing" or "connected" or "completed" or "disconnected";
    }
}
