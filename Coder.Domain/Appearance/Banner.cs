using System.Buffers;

namespace Coder.Domain.Appearance;

/// <summary>A message above every page.</summary>
/// <param name="Enabled">Whether it is shown.</param>
/// <param name="Message">The text; may be Markdown.</param>
/// <param name="BackgroundColor">See <see cref="IsColor"/>; may be empty while the banner is not shown.</param>
public sealed record Banner(bool Enabled, string Message, string BackgroundColor)
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>No banner.</summary>
    public static Banner None { get; } = new(false, "", "");

    /// <summary>Whether the colour can be kept: that of a banner which is not shown may be missing.</summary>
    public bool HasUsableColor => IsColor(BackgroundColor) || (!Enabled && BackgroundColor.Length == 0);

    /// <summary>Whether a text is a colour of the form <c>#rrggbb</c>.</summary>
    public static bool IsColor(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == 7 && text[0] == '#' && !text.AsSpan(1).ContainsAnyExcept(HexDigits);
    }
}
