using System.Formats.Tar;
using System.IO.Compression;
using Coder.Domain.Common;
using Coder.Domain.Files;

namespace Coder.Application.Files;

/// <summary>Makes archives of one kind from those of the other, entry by entry. Nothing is unpacked to files.</summary>
/// <remarks>The same archive always makes the same archive: times come out of it and not from the clock.</remarks>
internal static class ArchiveConversion
{
    private const int KindMask = 0xF000;
    private const int LinkKind = 0xA000;
    private const int FolderKind = 0x4000;
    private const int FileKind = 0x8000;

    private const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Folder = File | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    // What the format can express.
    private static readonly DateTimeOffset FirstZipTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset LastZipTime = new(2107, 12, 31, 23, 59, 58, TimeSpan.Zero);

    /// <summary>Makes a tar archive from a zip archive; both streams must be seekable.</summary>
    public static async Task<Result<Done>> ZipToTarAsync(Stream zip, Stream tar, CancellationToken ct)
    {
        try
        {
            // Before the library reads the directory, which it does as a whole.
            if (await ZipDirectory.JudgeAsync(zip, ct) is { } refused)
            {
                return refused;
            }

            zip.Position = 0;
            await using var archive = await ZipArchive.CreateAsync(zip, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, ct);
            await using (var writer = new TarWriter(tar, TarEntryFormat.Gnu, leaveOpen: true))
            {
                if (await CopyAsync(archive, writer, ct) is { } failed)
                {
                    return failed;
                }
            }

            return tar.Length > ArchiveRules.MaximumBytes ? ArchiveRules.TooLarge : Done.Value;
        }
        catch (Exception e) when (TemplateArchive.IsDamage(e))
        {
            return ArchiveRules.Damaged;
        }
    }

    /// <summary>Makes a zip archive from a tar archive, which need not be seekable.</summary>
    public static async Task<Result<Done>> TarToZipAsync(Stream tar, Stream zip, CancellationToken ct)
    {
        await using var archive = await ZipArchive.CreateAsync(zip, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, ct);
        var failed = await TemplateArchive.WalkAsync(
            tar,
            async (name, entry) =>
            {
                var isFolder = entry.EntryType == TarEntryType.Directory;
                var added = archive.CreateEntry(isFolder ? $"{name}/" : name, CompressionLevel.Optimal);
                added.ExternalAttributes = ((isFolder ? FolderKind : FileKind) | (int)entry.Mode) << 16;
                added.LastWriteTime = Clamp(entry.ModificationTime);
                if (!isFolder && entry.DataStream is { } data)
                {
                    await using var content = await added.OpenAsync(ct);
                    await data.CopyToAsync(content, ct);
                }

                return null;
            },
            ct);
        return failed is null ? Done.Value : failed;
    }

    private static async Task<Error?> CopyAsync(ZipArchive archive, TarWriter writer, CancellationToken ct)
    {
        var size = 0L;
        foreach (var entry in archive.Entries)
        {
            var path = entry.FullName.Replace('\\', '/');
            size += entry.Length;
            if (Judge(entry, path) is { } refused)
            {
                return refused;
            }

            if (size > ArchiveRules.MaximumBytes)
            {
                return ArchiveRules.TooLarge;
            }

            if (ArchiveRules.Plain(path) is { Length: > 0 } name)
            {
                await CopyAsync(entry, name, path.EndsWith('/'), writer, ct);
            }
        }

        return null;
    }

    private static async Task CopyAsync(ZipArchiveEntry entry, string name, bool isFolder, TarWriter writer, CancellationToken ct)
    {
        var mode = (UnixFileMode)((entry.ExternalAttributes >> 16) & 0x1FF);
        var copy = new GnuTarEntry(isFolder ? TarEntryType.Directory : TarEntryType.RegularFile, isFolder ? $"{name}/" : name)
        {
            Mode = mode != UnixFileMode.None ? mode : isFolder ? Folder : File,

            // The format has no time zones; that of this machine must not show.
            ModificationTime = new DateTimeOffset(DateTime.SpecifyKind(entry.LastWriteTime.DateTime, DateTimeKind.Utc)),
        };
        if (isFolder)
        {
            await writer.WriteEntryAsync(copy, ct);
            return;
        }

        await using var content = await entry.OpenAsync(ct);
        await using var data = new CheckedEntryStream(content, entry.Length, entry.Crc32);
        copy.DataStream = data;
        await writer.WriteEntryAsync(copy, ct);
    }

    private static Error? Judge(ZipArchiveEntry entry, string path) =>
        ArchiveRules.JudgePath(path)
        ?? ((entry.ExternalAttributes >> 16 & KindMask) == LinkKind ? ArchiveRules.Link(path) : null)
        ?? (entry.IsEncrypted ? ArchiveRules.Encrypted(path) : null);

    private static DateTimeOffset Clamp(DateTimeOffset time)
    {
        var utc = time.ToUniversalTime();
        return utc < FirstZipTime ? FirstZipTime : utc > LastZipTime ? LastZipTime : utc;
    }
}
