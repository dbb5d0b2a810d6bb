using System.Text;

namespace Coder.Infrastructure.EmbeddedPostgres;

/// <summary>The file that a postmaster writes to, over many starts.</summary>
internal sealed class PostgresLog(string path)
{
    internal const int ShownLines = 50;
    private const long RotatedAt = 10 * 1024 * 1024;
    private const int TailBytes = 64 * 1024;
    private long _start;

    public string Path => path;

    /// <summary>Remembers where the next start begins to write, and sets a large file aside as <c>….1</c>.</summary>
    public void BeginStart()
    {
        var file = new FileInfo(path);
        _start = file.Exists ? file.Length : 0;
        if (_start > RotatedAt)
        {
            file.MoveTo(path + ".1", overwrite: true);
            _start = 0;
        }
    }

    /// <summary>The last 50 lines written since <see cref="BeginStart"/>; empty if there are none or the file can not be read.</summary>
    public IReadOnlyList<string> LastLines()
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Position = Math.Max(_start, file.Length - TailBytes);
            using var reader = new StreamReader(file, Encoding.UTF8);
            return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(ShownLines)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
