using System.Text;
using Coder.Application.Files;
using Coder.Domain.Common;
using Coder.Domain.Files;
using Coder.Domain.Templates;

namespace Coder.Application.Provisioning;

/// <summary>What the server reads of a template's archive (docs/spec/workspaces.md, section 4).</summary>
/// <param name="Manifest">The file <c>coder-template.json</c>, unread; <see langword="null"/>: there is none.</param>
/// <param name="Readme">The file <c>README.md</c>; <see langword="null"/>: there is none.</param>
internal sealed record TemplateSource(ReadOnlyMemory<byte>? Manifest, string? Readme);

/// <summary>Reads the archives of template versions.</summary>
internal sealed class TemplateSources(IFileStore files)
{
    private const string ReadmeName = "README.md";

    // More than a manifest may have, so that the manifest's own limit is what is told.
    private const int LargestFile = 4 * TemplateManifest.MaximumBytes;

    /// <summary>Reads an archive.</summary>
    /// <param name="fileId">A tar.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>400 with one sentence when the archive breaks <see cref="ArchiveRules"/>.</returns>
    public async Task<Result<TemplateSource>> ReadAsync(Guid fileId, CancellationToken cancellationToken)
    {
        if (await files.FindAsync(fileId, cancellationToken) is not { } file)
        {
            return new Error(ErrorKind.Invalid, "The archive of the template version is gone.");
        }

        await using var tar = files.Open(file);
        var read = await TemplateArchive.ReadRootAsync(
            tar, name => name is TemplateManifest.FileName or ReadmeName, LargestFile, cancellationToken);
        if (!read.Is(out var found, out var error))
        {
            return new Error(ErrorKind.Invalid, $"{error.Message} {error.Detail}".TrimEnd());
        }

        var readme = found.FirstOrDefault(f => f.Name == ReadmeName);
        return new TemplateSource(
            found.FirstOrDefault(f => f.Name == TemplateManifest.FileName)?.Content,
            readme is null ? null : Text(readme.Content.Span));
    }

    // The database has no NUL in texts, and a readme is no reason to refuse a template.
    private static string Text(ReadOnlySpan<byte> utf8) =>
        Encoding.UTF8.GetString(utf8).TrimStart('\uFEFF').Replace('\0', '\uFFFD');
}
