using System.Collections.Frozen;

namespace Coder.Domain.AuditLogs;

/// <summary>What was done to a resource (docs/spec/connection-logs.md, section 3.3).</summary>
public enum AuditAction
{
    /// <summary>The resource was made.</summary>
    Create,

    /// <summary>The resource was changed.</summary>
    Write,

    /// <summary>The resource was deleted.</summary>
    Delete,

    /// <summary>A workspace build that starts.</summary>
    Start,

    /// <summary>A workspace build that stops.</summary>
    Stop,

    /// <summary>A user signed in.</summary>
    Login,

    /// <summary>A user signed out.</summary>
    Logout,

    /// <summary>A user or application signed up.</summary>
    Register,

    /// <summary>A user asked for a new password.</summary>
    RequestPasswordReset,

    /// <summary>Legacy: a session with an agent began. Such events go to the connection log now.</summary>
    Connect,

    /// <summary>Legacy: a session with an agent ended.</summary>
    Disconnect,

    /// <summary>Legacy: an application was opened.</summary>
    Open,

    /// <summary>Legacy: an application was closed.</summary>
    Close,
}

/// <summary>The names of <see cref="AuditAction"/> on the wire and in the database.</summary>
public static class AuditActions
{
    private static readonly FrozenDictionary<string, AuditAction> ByName =
        Enum.GetValues<AuditAction>().ToFrozenDictionary(WireName, StringComparer.Ordinal);

    /// <summary>The wire name.</summary>
    public static string WireName(this AuditAction action) => action switch
    {
        AuditAction.Create => "create",
        AuditAction.Write => "write",
        AuditAction.Delete => "delete",
        AuditAction.Start => "start",
        AuditAction.Stop => "stop",
        AuditAction.Login => "login",
        AuditAction.Logout => "logout",
        AuditAction.Register => "register",
        AuditAction.RequestPasswordReset => "request_password_reset",
        AuditAction.Connect => "connect",
        AuditAction.Disconnect => "disconnect",
        AuditAction.Open => "open",
        AuditAction.Close => "close",
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };

    /// <summary>Reads a wire name.</summary>
    /// <returns><see langword="false"/> when the name is not one of ours.</returns>
    public static bool TryParse(string name, out AuditAction action) => ByName.TryGetValue(name, out action);
}
