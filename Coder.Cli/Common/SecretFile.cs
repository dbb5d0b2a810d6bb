using System.Text;

namespace Coder.Cli.Common;

/// <summary>Files that only their owner may read (mode 0600; on Windows the folder's own access list protects them).</summary>
internal static class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes the file in one step: readers see the old text or the new one, and the mode is never wider.</summary>
    /// <param name="path">An absolute path; missing folders are made, for their owner only.</param>
    /// <param name="text">The whole content.</param>
    /// <param name="overwrite">Whether an existing file is replaced.</param>
    internal static CliError? Write(string path, string text, bool overwrite) => Write(path, Encoding.UTF8.GetBytes(text), overwrite);

    /// <summary>The same with bytes.</summary>
    internal static CliError? Write(string path, byte[] content, bool overwrite)
    {
        try
        {
            CreateFolder(Path.GetDirectoryName(path)!);
            if (!overwrite)
            {
                WriteNew(path, content);
                return null;
            }

            var temporary = $"{path}.{Path.GetRandomFileName()}";
            try
            {
                WriteNew(temporary, content);
                File.Move(temporary, path, overwrite: true);
            }
            finally
            {
                File.Delete(temporary);
            }

            return null;
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            return !overwrite && File.Exists(path)
                ? new CliError($"{path} exists already", Hint: "Use --force to replace it, or --out to name another file.")
                : new CliError($"Can not write {path}", exception.Message);
        }
    }

    /// <summary>What files do in everyday life: missing, no permission, disk full, a path that is none.</summary>
    internal static bool IsExpected(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    private static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    private static void WriteNew(string path, byte[] content)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using var file = new FileStream(path, options);
        file.Write(content);
    }
}
