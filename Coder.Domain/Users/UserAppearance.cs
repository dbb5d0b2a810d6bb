namespace Coder.Domain.Users;

/// <summary>How a user wants the user interface to look.</summary>
/// <param name="ThemePreference">The theme; empty when none was chosen.</param>
/// <param name="TerminalFont">One of <see cref="TerminalFonts"/>; empty when none was chosen.</param>
public sealed record UserAppearance(string ThemePreference, string TerminalFont)
{
    /// <summary>The longest name of a theme, in characters: it is sent with every user of a list.</summary>
    public const int MaximumTheme = 64;

    /// <summary>The fonts that a terminal can have.</summary>
    public static IReadOnlyList<string> TerminalFonts { get; } = ["ibm-plex-mono", "fira-code", "source-code-pro", "jetbrains-mono"];
}
