using System.Formats.Tar;
using Coder.Domain.Common;
using Coder.Domain.Files;

namespace Coder.Application.Files;

/// <summary>A file that was read out of an archive.</summary>
/// <param name="Name">Its name in the root of the archive.</param>
/// <param name="Content">Its bytes.</param>
public sealed record ArchiveFile(string Name, ReadOnlyMemory<byte> Content);

/// <summary>
/// Reads the archive of a template as it is stored, from the beginning to the end and without unpacking it. Every entry is judged by
/// <see cref="ArchiveRules"/>, also those that nobody asks for.
/// </summary>
public static class TemplateArchive
{
    /// <summary>Reads the wanted files in the root of an archive.</summary>
    /// <param name="tar">The archive; need not be seekable.</param>
    /// <param name="wanted">Decides by the name.</param>
    /// <param name="limit">How large one of them may be, in bytes.</param>
    /// <param name="ct">Cancels the reading.</param>
    /// <returns>The files in the order of the archive (of two with one name the later one counts), or 400 that says what is wrong.</returns>
    public static async Task<Result<IReadOnlyList<ArchiveFile>>> ReadRootAsync(
        Stream tar, Func<string, bool> wanted, int limit, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(tar);
        ArgumentNullException.ThrowIfNull(wanted);
        var found = new List<ArchiveFile>();
        var failed = await WalkAsync(
            tar,
            async (name, entry) =>
            {
                if (entry.EntryType == TarEntryType.Directory || name.Contains('/', StringComparison.Ordinal) || !wanted(name))
                {
                    return null;
                }

                if (entry.Length > limit)
                {
                    return ArchiveRules.FileTooLarge(name, limit);
                }

                var content = new byte[entry.Length];
                if (entry.DataStream is { } data)
                {
                    await data.ReadExactlyAsync(content, ct);
                }

                found.RemoveAll(file => file.Name == name);
                found.Add(new ArchiveFile(name, content));
                return null;
            },
            ct);
        return failed is null ? found : failed;
    }

    /// <summary>Names every file of an archive, folders not among them, and reads none.</summary>
    /// <param name="tar">The archive; need not be seekable.</param>
    /// <param name="visit">Gets the path (see <see cref="ArchiveRules.Plain"/>).</param>
    /// <param name="ct">Cancels the reading.</param>
    /// <returns>What is wrong, or <see langword="null"/>.</returns>
    internal static Task<Error?> WalkFilesAsync(Stream tar, Action<string> visit, CancellationToken ct) => WalkAsync(
        tar,
        (path, entry) =>
        {
            if (entry.EntryType != TarEntryType.Directory)
            {
                visit(path);
            }

            return Task.FromResult<Error?>(null);
        },
        ct);

    /// <summary>Shows every file and folder of an archive once it is judged.</summary>
    /// <param name="tar">The archive; need not be seekable.</param>
    /// <param name="visit">Gets the path (see <see cref="ArchiveRules.Plain"/>) and the entry; an error ends the walk.</param>
    /// <param name="ct">Cancels the reading.</param>
    /// <returns>What is wrong, or <see langword="null"/>.</returns>
    internal static async Task<Error?> WalkAsync(Stream tar, Func<string, TarEntry, Task<Error?>> visit, CancellationToken ct)
    {
        var count = 0;
        var size = 0L;
        try
        {
            await using var reader = new TarReader(tar, leaveOpen: true);
            while (await reader.GetNextEntryAsync(copyData: false, ct) is { } entry)
            {
                size += entry.Length;
                if (++count > ArchiveRules.MaximumEntries)
                {
                    return ArchiveRules.TooManyEntries;
                }

                if (size > ArchiveRules.MaximumBytes)
                {
                    return ArchiveRules.TooLarge;
                }

                if (entry.EntryType == TarEntryType.GlobalExtendedAttributes)
                {
                    continue;
                }

                if (Judge(entry) is { } refused)
                {
                    return refused;
                }

                if (ArchiveRules.Plain(entry.Name) is { Length: > 0 } name && await visit(name, entry) is { } failed)
                {
                    return failed;
                }
            }

            return null;
        }
        catch (Exception e) when (IsDamage(e))
        {
            return ArchiveRules.Damaged;
        }
    }

    /// <summary>Whether an exception of the runtime's readers is about what stands in an archive.</summary>
    internal static bool IsDamage(Exception exception) =>
        exception is InvalidDataException or EndOfStreamException or FormatException or NotSupportedException or ArgumentException;

    private static Error? Judge(TarEntry entry) => entry.EntryType switch
    {
        TarEntryType.SymbolicLink or TarEntryType.HardLink => ArchiveRules.Link(entry.Name),
        TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile or TarEntryType.Directory =>
            ArchiveRules.JudgePath(entry.Name),
        _ => ArchiveRules.NoFile(entry.Name),
    };
}
