using System.Formats.Tar;
using System.Text;
using Coder.Domain.Templates;

namespace Coder.Application.Templates;

/// <summary>A template to begin with.</summary>
public sealed record TemplateExample
{
    /// <summary>Never changes; a version that is made of it names it.</summary>
    public required Guid Id { get; init; }

    /// <summary>The title.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence.</summary>
    public required string Description { get; init; }

    /// <summary>A picture that dashboards bring along.</summary>
    public required string Icon { get; init; }

    /// <summary>What people may look for.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>Markdown that explains the example.</summary>
    public required string Readme { get; init; }

    /// <summary>See <see cref="TemplateManifest"/>.</summary>
    public required string Manifest { get; init; }

    /// <summary>The archive as it is stored; the same bytes every time, so that a user has it once.</summary>
    public byte[] Archive()
    {
        using var content = new MemoryStream();
        using (var writer = new TarWriter(content, TarEntryFormat.Ustar, leaveOpen: true))
        {
            Write(writer, TemplateManifest.FileName, Manifest);
            Write(writer, "README.md", Readme);
        }

        return content.ToArray();
    }

    private static void Write(TarWriter writer, string name, string text)
    {
        using var data = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var entry = new UstarTarEntry(TarEntryType.RegularFile, name) { ModificationTime = DateTimeOffset.UnixEpoch, DataStream = data };
        writer.WriteEntry(entry);
    }
}
