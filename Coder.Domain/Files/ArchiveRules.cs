using System.Globalization;
using Coder.Domain.Common;

namespace Coder.Domain.Files;

/// <summary>What an archive with the sources of a template may hold (docs/spec/workspaces.md, sections 6 and 11).</summary>
public static class ArchiveRules
{
    /// <summary>The largest file that is stored, and the most that all entries of an archive may be together, in bytes.</summary>
    public const long MaximumBytes = 100L * 1024 * 1024;

    /// <summary>The most entries, folders included.</summary>
    public const int MaximumEntries = 10_000;

    /// <summary>The longest path of an entry, in characters.</summary>
    public const int MaximumPath = 4096;

    private const int LongestQuoted = 200;

    /// <summary>The answer to an archive with too many entries.</summary>
    public static Error TooManyEntries { get; } =
        Refused(string.Create(CultureInfo.InvariantCulture, $"It has more than {MaximumEntries} entries."));

    /// <summary>The answer to an archive that is too large once it is unpacked.</summary>
    public static Error TooLarge { get; } =
        Refused(string.Create(CultureInfo.InvariantCulture, $"Unpacked it is larger than {MaximumBytes} bytes."));

    /// <summary>The answer to an archive that can not be read.</summary>
    public static Error Damaged { get; } = Refused("It is damaged, or no archive of this kind at all.");

    /// <summary>The answer to an entry that points to another place.</summary>
    public static Error Link(string path) => Refused($"{Quoted(path)} is a link.");

    /// <summary>The answer to an entry that is neither a file nor a folder: a device, for example.</summary>
    public static Error NoFile(string path) => Refused($"{Quoted(path)} is neither a file nor a folder.");

    /// <summary>The answer to an entry that only a password opens.</summary>
    public static Error Encrypted(string path) => Refused($"{Quoted(path)} is encrypted.");

    /// <summary>The answer to a file that somebody wants to read and that is larger than it may be.</summary>
    public static Error FileTooLarge(string path, int limit) =>
        Refused(string.Create(CultureInfo.InvariantCulture, $"{Quoted(path)} is larger than {limit} bytes."));

    /// <summary>The answer to a path that leads out of the archive or that no file can have, or <see langword="null"/>.</summary>
    /// <remarks>Both kinds of slashes separate, and a drive counts as a root, whatever system made the archive.</remarks>
    public static Error? JudgePath(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length is 0 or > MaximumPath || path.Contains('\0', StringComparison.Ordinal))
        {
            return Refused($"{Quoted(path)} is no path.");
        }

        if (path[0] is '/' or '\\' || (path.Length > 1 && path[1] == ':' && char.IsAsciiLetter(path[0])))
        {
            return Refused($"{Quoted(path)} is an absolute path.");
        }

        foreach (var part in path.AsSpan().SplitAny('/', '\\'))
        {
            if (path.AsSpan(part) is "..")
            {
                return Refused($"{Quoted(path)} leads out of the archive.");
            }
        }

        return null;
    }

    /// <summary>A path without the steps that lead nowhere, such as a leading <c>./</c>; empty for the root itself.</summary>
    public static string Plain(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return string.Join('/', path.Split('/').Where(part => part is not ("" or ".")));
    }

    private static Error Refused(string why) => new(ErrorKind.Invalid, "The archive can not be accepted.", why);

    private static string Quoted(string path) => path.Length <= LongestQuoted ? $"\"{path}\"" : $"\"{path[..LongestQuoted]}…\"";
}
