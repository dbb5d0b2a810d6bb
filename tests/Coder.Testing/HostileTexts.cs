namespace Coder.Testing;

/// <summary>What somebody sends who hopes that text becomes a part of a statement.</summary>
public static class HostileTexts
{
    /// <summary>All of them; none has a double quote, which a search would take for its own.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "'; drop table connection_logs; drop table audit_logs; --",
        "' or '1' = '1",
        "main') or true; --",
        "a%_\\' || pg_sleep(9) || '",
        "$1; @target; @reason; :name; {0}",
        "\\x27 /* */ \u02bc \uff07",
        "{a, null, 'b'}",
    ];
}
