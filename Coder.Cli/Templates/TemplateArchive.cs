using System.Formats.Tar;
using System.Text;
using Coder.Cli.Common;

namespace Coder.Cli.Templates;

/// <summary>
/// The sources of a template as a tar archive in a temporary file. The same files give the same bytes, whenever and by whomever they
/// were written, so that a server stores them once.
/// </summary>
internal sealed class TemplateArchive : IDisposable
{
    /// <summary>The largest archive that servers take, in bytes (docs/spec/workspaces.md, section 6).</summary>
    internal const long MaximumBytes = 100L * 1024 * 1024;

    private const int MaximumEntries = 10_000;
    private const int LongestPlainName = 100;
    private const string Manifest = "coder-template.json";
    private const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly CliError TooLarge = new(
        "The template is larger than 100 MiB, the most that servers take",
        Hint: "Fetch large files while the workspace starts, or put them into an image.");

    private TemplateArchive(FileStream content, string provisioner)
    {
        Content = content;
        Provisioner = provisioner;
    }

    /// <summary>The archive, from its beginning.</summary>
    internal FileStream Content { get; }

    /// <summary>What servers are told that the template is made for; they look into the archive themselves.</summary>
    internal string Provisioner { get; }

    public void Dispose() => Content.Dispose();

    /// <summary>Packs a folder, without what belongs to the tools that work in it.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="cancellationToken">Ends the packing.</param>
    internal static CliResult<TemplateArchive> OfFolder(string path, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(path))
        {
            return new CliError($"{path} is no folder");
        }

        FileStream? content = null;
        try
        {
            var roots = Directory.EnumerateFiles(path).Select(Path.GetFileName).OfType<string>().ToArray();
            if (ProvisionerOf(roots) is not { } provisioner)
            {
                return new CliError(
                    $"There is no template in {path}", Hint: $"A template has a {Manifest}, or files whose names end with .tf or .tf.json, in its folder.");
            }

            content = NewFile();
            if (Pack(content, new DirectoryInfo(path), cancellationToken) is { } refused)
            {
                content.Dispose();
                return refused;
            }

            content.Position = 0;
            return new TemplateArchive(content, provisioner);
        }
        catch (Exception exception) when (SecretFile.IsExpected(exception))
        {
            content?.Dispose();
            return new CliError($"Can not read the template in {path}", exception.Message);
        }
    }

    /// <summary>Takes an archive that somebody else has packed.</summary>
    internal static async Task<CliResult<TemplateArchive>> OfInputAsync(Stream input, CancellationToken cancellationToken)
    {
        var content = NewFile();
        try
        {
            var buffer = new byte[81_920];
            int read;
            while ((read = await input.ReadAsync(buffer, cancellationToken)) > 0)
            {
                if (content.Length + read > MaximumBytes)
                {
                    await content.DisposeAsync();
                    return TooLarge;
                }

                await content.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            content.Position = 0;
            var roots = await RootsAsync(content, cancellationToken);
            if (ProvisionerOf(roots) is not { } provisioner)
            {
                await content.DisposeAsync();
                return new CliError(
                    "Standard input is no tar archive of a template",
                    Hint: $"In its root it needs a {Manifest}, or files whose names end with .tf or .tf.json. Compressed archives are not taken.");
            }

            content.Position = 0;
            return new TemplateArchive(content, provisioner);
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
    }

    private static string? ProvisionerOf(IReadOnlyCollection<string> roots) =>
        roots.Contains(Manifest, StringComparer.Ordinal) ? "echo"
        : roots.Any(name => name.EndsWith(".tf", StringComparison.Ordinal) || name.EndsWith(".tf.json", StringComparison.Ordinal)) ? "terraform"
        : null;

    private static async Task<List<string>> RootsAsync(Stream tar, CancellationToken cancellationToken)
    {
        var roots = new List<string>();
        try
        {
            await using var reader = new TarReader(tar, leaveOpen: true);
            while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
            {
                roots.Add(entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or FormatException)
        {
            // No archive, or the end of one is missing.
            return [];
        }

        return [.. roots.Where(name => !name.Contains('/', StringComparison.Ordinal))];
    }

    private static CliError? Pack(FileStream content, DirectoryInfo root, CancellationToken cancellationToken)
    {
        var entries = 0;
        var folders = new Stack<(DirectoryInfo Folder, string Prefix)>([(root, "")]);
        using (var writer = new TarWriter(content, TarEntryFormat.Ustar, leaveOpen: true))
        {
            while (folders.TryPop(out var next))
            {
                foreach (var info in next.Folder.EnumerateFileSystemInfos().OrderBy(info => info.Name, StringComparer.Ordinal))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (IsLeftOut(info.Name))
                    {
                        continue;
                    }

                    var name = next.Prefix + info.Name;
                    if (info.LinkTarget is not null)
                    {
                        return new CliError(
                            $"{name} is a link, and templates hold files and folders only", Hint: "Put what it points to in its place.");
                    }

                    if (++entries > MaximumEntries)
                    {
                        return new CliError("The template has more than 10,000 files and folders, the most that servers take");
                    }

                    if (info is DirectoryInfo folder)
                    {
                        Write(writer, TarEntryType.Directory, name + "/", Executable, null);
                        folders.Push((folder, name + "/"));
                    }
                    else if (content.Length + ((FileInfo)info).Length > MaximumBytes)
                    {
                        return TooLarge with { Detail = $"{name} does not fit any more." };
                    }
                    else
                    {
                        using var data = new FileStream(info.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                        Write(writer, TarEntryType.RegularFile, name, ModeOf(info), data);
                    }
                }
            }
        }

        return content.Length > MaximumBytes ? TooLarge : null;
    }

    private static bool IsLeftOut(string name) =>
        name is ".git" or ".terraform" || name.StartsWith("terraform.tfstate", StringComparison.Ordinal);

    private static UnixFileMode ModeOf(FileSystemInfo file) =>
        !OperatingSystem.IsWindows() && file.UnixFileMode.HasFlag(UnixFileMode.UserExecute) ? Executable : Plain;

    // The pax format would put the number of this process into the archive, so long names are left to that of GNU.
    private static void Write(TarWriter writer, TarEntryType type, string name, UnixFileMode mode, Stream? data)
    {
        TarEntry entry = Encoding.UTF8.GetByteCount(name) <= LongestPlainName
            ? new UstarTarEntry(type, name)
            : new GnuTarEntry(type, name) { AccessTime = DateTimeOffset.UnixEpoch, ChangeTime = DateTimeOffset.UnixEpoch };
        entry.ModificationTime = DateTimeOffset.UnixEpoch;
        entry.Mode = mode;
        if (data is not null)
        {
            entry.DataStream = data;
        }

        writer.WriteEntry(entry);
    }

    private static FileStream NewFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(Path.Combine(Path.GetTempPath(), $"coder-{Path.GetRandomFileName()}.tar"), options);
    }
}
