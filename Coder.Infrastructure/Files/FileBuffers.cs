using Coder.Application.Files;

namespace Coder.Infrastructure.Files;

/// <summary>Buffers in the folder for temporary files; each is as large there as what is written to it.</summary>
internal sealed class FileBuffers : IFileBuffers, IDisposable
{
    // A few of these at once do not matter, and most templates are far smaller.
    private const long LargeLength = 1024 * 1024;

    private readonly SemaphoreSlim _turn = new(1, 1);

    public Stream New()
    {
        var path = Path.Combine(Path.GetTempPath(), $"coder-upload-{Path.GetRandomFileName()}");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
        };
        if (OperatingSystem.IsWindows())
        {
            return new FileStream(path, options);
        }

        options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var stream = new FileStream(path, options);

        // Without a name it goes with the process, however that ends.
        File.Delete(path);
        return stream;
    }

    public async Task<IDisposable> TakeTurnAsync(long length, CancellationToken ct)
    {
        if (length < LargeLength)
        {
            return new Turn(null);
        }

        await _turn.WaitAsync(ct);
        return new Turn(_turn);
    }

    public void Dispose() => _turn.Dispose();

    private sealed class Turn(SemaphoreSlim? turn) : IDisposable
    {
        public void Dispose() => turn?.Release();
    }
}
