using System.Diagnostics.CodeAnalysis;

namespace Coder.Domain.Authorization;

/// <summary>The names that actions have on the wire and in stored permissions.</summary>
public static class PermissionActions
{
    private static readonly string[] Names =
    [
        "create", "read", "update", "delete", "use", "ssh", "application_connect", "start", "stop",
        "create_agent", "delete_agent", "assign", "unassign", "view_insights", "read_personal", "update_personal",
    ];

    private static readonly Dictionary<string, PermissionAction> ByName =
        Enum.GetValues<PermissionAction>().ToDictionary(WireName, StringComparer.Ordinal);

    /// <summary>Every action, in the order of the enumeration.</summary>
    public static IReadOnlyList<PermissionAction> All { get; } = Enum.GetValues<PermissionAction>();

    /// <summary>The name on the wire, for example <c>application_connect</c>.</summary>
    public static string WireName(this PermissionAction action) => Names[(int)action];

    /// <summary>Reads a name from the wire; names compare exactly, and <c>*</c> is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? name, out PermissionAction action)
    {
        action = default;
        return name is not null && ByName.TryGetValue(name, out action);
    }

    internal static ActionMask Bit(this PermissionAction action) => (ActionMask)(1 << (int)action);
}
