using System.Globalization;

namespace Coder.Benchmarks.Processes;

/// <summary>A folder of this run, removed at its end.</summary>
internal sealed class BenchFolder : IDisposable
{
    /// <summary>Makes the folder.</summary>
    /// <param name="name">Tells it from others of the same run.</param>
    public BenchFolder(string name)
    {
        var process = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"coder-bench-{process}-{name}");
        Directory.CreateDirectory(Path);
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
