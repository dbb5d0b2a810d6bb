namespace Coder.Infrastructure.Tests.EmbeddedPostgres;

/// <summary>A folder of one test, passable for the account that PostgreSQL runs as.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder()
    {
        Path = Directory.CreateTempSubdirectory("coder-test-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);
        }
    }

    public string Path { get; }

    /// <summary>Makes a folder below, with all its parents.</summary>
    public string Folder(params string[] names) => Directory.CreateDirectory(System.IO.Path.Combine([Path, .. names])).FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
