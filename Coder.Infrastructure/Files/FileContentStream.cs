using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Files;

/// <summary>
/// Reads a file piece by piece, each by a statement of its own: a client that takes its time holds neither a connection nor memory.
/// PostgreSQL finds a piece without reading what stands before it, because the column is stored without compression.
/// </summary>
internal sealed class FileContentStream(DbSession db, Guid id, long size) : Stream
{
    // Below what the runtime puts on the heap of large objects.
    private const int PieceLength = 64 * 1024;

    private const string Piece = "select substring(data from @start for @length) from files where id = @id";

    private ReadOnlyMemory<byte> _piece;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_piece.IsEmpty && _position < size)
        {
            _piece = await db.ScalarAsync<byte[]>(Piece, new { id, start = (int)_position + 1, length = PieceLength }, cancellationToken);
            _position += _piece.Length;
        }

        var count = Math.Min(buffer.Length, _piece.Length);
        _piece[..count].CopyTo(buffer);
        _piece = _piece[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The database is only read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
