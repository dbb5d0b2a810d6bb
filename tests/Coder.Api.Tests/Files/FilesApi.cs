using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Text;

namespace Coder.Api.Tests.Files;

/// <summary>The endpoints of files as a client sees them, and archives to upload.</summary>
internal static class FilesApi
{
    public const string Files = "/api/v2/files";
    public const string Tar = "application/x-tar";
    public const string Zip = "application/zip";

    public static Task<HttpResponseMessage> UploadAsync(this HttpClient client, byte[] content, string? type, CancellationToken ct) =>
        client.PostRawAsync(Files, content, type, ct);

    public static async Task<Guid> UploadedAsync(this HttpClient client, byte[] content, string type, CancellationToken ct)
    {
        using var response = await client.UploadAsync(content, type, ct);
        response.StatusCode.Should().BeOneOf(HttpStatusCode.Created, HttpStatusCode.OK);
        return (await response.JsonAsync(ct))["hash"]!.GetValue<Guid>();
    }

    public static byte[] TarOf(params (string Name, string Content)[] files)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Gnu, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                writer.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, name)
                {
                    ModificationTime = DateTimeOffset.UnixEpoch,
                    DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)),
                });
            }
        }

        return stream.ToArray();
    }

    public static byte[] ZipOf(params (string Name, string Content)[] files)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                var entry = archive.CreateEntry(name);
                entry.LastWriteTime = new DateTimeOffset(2025, 6, 1, 10, 0, 0, TimeSpan.Zero);
                using var target = entry.Open();
                target.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        return stream.ToArray();
    }

    public static IReadOnlyList<(string Name, string Content)> ReadTar(byte[] tar)
    {
        var found = new List<(string, string)>();
        using var reader = new TarReader(new MemoryStream(tar));
        while (reader.GetNextEntry(copyData: true) is { } entry)
        {
            using var text = new StreamReader(entry.DataStream ?? Stream.Null);
            found.Add((entry.Name, text.ReadToEnd()));
        }

        return found;
    }

    public static IReadOnlyList<(string Name, string Content)> ReadZip(byte[] zip)
    {
        var found = new List<(string, string)>();
        using var archive = new ZipArchive(new MemoryStream(zip));
        foreach (var entry in archive.Entries)
        {
            using var text = new StreamReader(entry.Open());
            found.Add((entry.FullName, text.ReadToEnd()));
        }

        return found;
    }
}
