using System.Formats.Tar;
using Coder.Cli.Common;

namespace Coder.Cli.Provisionerd;

/// <summary>
/// Unpacks the archive of a template. Only files and folders come out, none outside of the target, and no more than the server takes
/// itself (docs/spec/workspaces.md, sections 6 and 11): the archive is read again here, for the server is not what it is checked against.
/// </summary>
internal static class ArchiveFolder
{
    /// <summary>The most that all files are together.</summary>
    internal const long MaximumBytes = 100L * 1024 * 1024;

    /// <summary>The most entries.</summary>
    internal const int MaximumEntries = 10_000;

    private const int MaximumPath = 4096;
    private const int LongestQuoted = 200;

    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Unpacks.</summary>
    /// <param name="tar">The archive.</param>
    /// <param name="folder">An empty folder.</param>
    /// <param name="isLeftOut">Decides by the plain path, such as <c>scripts/start.sh</c>; for folders too.</param>
    /// <param name="cancellationToken">Cancels the unpacking.</param>
    /// <returns>What is wrong with the archive, or <see langword="null"/>.</returns>
    internal static async Task<CliError?> UnpackAsync(
        Stream tar, string folder, Func<string, bool> isLeftOut, CancellationToken cancellationToken)
    {
        var entries = 0;
        var size = 0L;
        try
        {
            await using var reader = new TarReader(tar, leaveOpen: true);
            while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
            {
                size += entry.Length;
                if (++entries > MaximumEntries || size > MaximumBytes)
                {
                    return Refused("it is too large");
                }

                if (entry.EntryType == TarEntryType.GlobalExtendedAttributes)
                {
                    continue;
                }

                if (Judge(entry) is { } problem)
                {
                    return Refused($"{Quoted(entry.Name)} {problem}");
                }

                var path = string.Join('/', entry.Name.Split('/').Where(part => part is not ("" or ".")));
                if (path.Length > 0 && !isLeftOut(path))
                {
                    await WriteAsync(entry, Path.Combine(folder, path), cancellationToken);
                }
            }

            return null;
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            return Refused("it is damaged");
        }
        catch (Exception exception) when (SecretFile.IsExpected(exception))
        {
            // A file where a folder should be, a name that the file system does not take, a full disk.
            return Refused(exception.Message);
        }
    }

    private static bool IsDamage(Exception exception) => exception is InvalidDataException or EndOfStreamException or FormatException;

    private static CliError Refused(string why) => new($"The archive of the template can not be unpacked: {why}.");

    private static string? Judge(TarEntry entry)
    {
        if (entry.EntryType is TarEntryType.SymbolicLink or TarEntryType.HardLink)
        {
            return "is a link";
        }

        if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile or TarEntryType.Directory))
        {
            return "is neither a file nor a folder";
        }

        var name = entry.Name;
        if (name.Length is 0 or > MaximumPath || name.Contains('\0', StringComparison.Ordinal))
        {
            return "is no path";
        }

        var isRooted = name[0] is '/' or '\\' || (name.Length > 1 && name[1] == ':' && char.IsAsciiLetter(name[0]));
        return isRooted || name.Split('/', '\\').Contains("..", StringComparer.Ordinal) ? "leads out of the archive" : null;
    }

    private static async Task WriteAsync(TarEntry entry, string path, CancellationToken cancellationToken)
    {
        if (entry.EntryType == TarEntryType.Directory)
        {
            Directory.CreateDirectory(path);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            // Scripts stay programs; nobody else reads anything.
            options.UnixCreateMode = OwnerFile | (entry.Mode & UnixFileMode.UserExecute);
        }

        await using var file = new FileStream(path, options);
        if (entry.DataStream is { } data)
        {
            await data.CopyToAsync(file, cancellationToken);
        }
    }

    private static string Quoted(string path) => path.Length <= LongestQuoted ? $"\"{path}\"" : $"\"{path[..LongestQuoted]}…\"";
}
