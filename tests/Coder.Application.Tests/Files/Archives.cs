using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace Coder.Application.Tests.Files;

/// <summary>Makes archives, good and bad ones.</summary>
internal static class Archives
{
    public static MemoryStream Tar(params TarEntry[] entries) => Tar((IEnumerable<TarEntry>)entries);

    public static MemoryStream Tar(IEnumerable<TarEntry> entries)
    {
        var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var entry in entries)
            {
                writer.WriteEntry(entry);
            }
        }

        stream.Position = 0;
        return stream;
    }

    public static TarEntry File(string name, string content) =>
        new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) };

    public static TarEntry Folder(string name) => new PaxTarEntry(TarEntryType.Directory, name);

    public static TarEntry Link(TarEntryType type, string name, string target) => new PaxTarEntry(type, name) { LinkName = target };

    public static MemoryStream Zip(params (string Name, string Content)[] files) => Zip(archive =>
    {
        foreach (var (name, content) in files)
        {
            var entry = archive.CreateEntry(name);
            entry.LastWriteTime = new DateTimeOffset(2025, 6, 1, 10, 0, 0, TimeSpan.Zero);
            using var stream = entry.Open();
            stream.Write(Encoding.UTF8.GetBytes(content));
        }
    });

    public static MemoryStream Zip(Action<ZipArchive> fill)
    {
        var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            fill(archive);
        }

        stream.Position = 0;
        return stream;
    }

    public static async Task<IReadOnlyList<(string Name, string Content)>> EntriesAsync(Stream tar, CancellationToken ct)
    {
        tar.Position = 0;
        var found = new List<(string, string)>();
        await using var reader = new TarReader(tar, leaveOpen: true);
        while (await reader.GetNextEntryAsync(copyData: true, ct) is { } entry)
        {
            using var text = new StreamReader(entry.DataStream ?? Stream.Null);
            found.Add((entry.Name, await text.ReadToEndAsync(ct)));
        }

        return found;
    }

    /// <summary>Copies of an archive, each with a few bytes changed; the same ones in every run.</summary>
    public static IEnumerable<byte[]> Damaged(byte[] good, int count)
    {
        var state = 88172645463325252UL;
        for (var i = 0; i < count; i++)
        {
            var changed = good.ToArray();
            for (var change = 0; change <= i % 5; change++)
            {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                changed[(int)(state % (ulong)changed.Length)] = (byte)(state >> 56);
            }

            yield return changed;
        }
    }
}
