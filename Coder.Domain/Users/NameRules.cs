using System.Text.RegularExpressions;

namespace Coder.Domain.Users;

/// <summary>What names and addresses may look like (docs/spec/platform.md, section 7).</summary>
public static partial class NameRules
{
    /// <summary>The longest user, organization, template, workspace or role name, in characters.</summary>
    public const int MaximumName = 32;

    /// <summary>The longest real name of a user, in characters.</summary>
    public const int MaximumRealName = 128;

    /// <summary>The longest name for people of an organization, a template, a role or a group, in characters.</summary>
    public const int MaximumDisplayName = 64;

    /// <summary>1 to 32 letters, digits and single hyphens between them; <c>new</c> and <c>create</c> are words of URLs.</summary>
    public static bool IsName(string? value) =>
        value is { Length: > 0 and <= MaximumName } and not ("new" or "create") && Name().IsMatch(value);

    /// <summary>At most 128 characters without white space around them; may be empty.</summary>
    public static bool IsRealName(string? value) =>
        value is null or { Length: <= MaximumRealName } && (value is null || value.AsSpan().Trim().Length == value.Length);

    /// <summary>At most 64 characters without white space around them; may be empty.</summary>
    public static bool IsDisplayName(string? value) =>
        value is null or { Length: <= MaximumDisplayName } && (value is null || value.AsSpan().Trim().Length == value.Length);

    /// <summary>One address with a domain of at least two labels. Nothing is trimmed: white space makes it invalid.</summary>
    public static bool IsEmail(string? value) => value is { Length: > 0 and <= 254 } && Email().IsMatch(value);

    /// <summary>Like <see cref="IsName"/>, and up to 255 characters long: groups often come from a directory.</summary>
    public static bool IsGroupName(string? value) =>
        value is { Length: > 0 and <= 255 } and not ("new" or "create") && Name().IsMatch(value);

    /// <summary>1 to 64 letters and digits, with single underscores, dots and hyphens between them.</summary>
    public static bool IsTemplateVersionName(string? value) => value is { Length: > 0 and <= 64 } && VersionName().IsMatch(value);

    [GeneratedRegex("^[a-zA-Z0-9]+(?:-[a-zA-Z0-9]+)*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex("^[a-zA-Z0-9]+(?:[_.-][a-zA-Z0-9]+)*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex VersionName();

    // RFC 5321 section 4.1.2: dot-atom local part of at most 64 characters (letters beyond ASCII by RFC 6531), labels of at most 63.
    [GeneratedRegex(
        "^(?=[^@]{1,64}@)[\\p{L}\\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\\.[\\p{L}\\p{N}!#$%&'*+/=?^_`{|}~-]+)*@(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?\\.)+[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?\\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Email();
}
