namespace Coder.Application.Files;

/// <summary>
/// Holds an entry of a zip archive to the length and the checksum that the archive declares: the length is what it was judged by, and the
/// runtime's reader compares neither.
/// </summary>
/// <remarks>The checksum is CRC-32 as in APPNOTE.TXT of PKWARE, section 4.4.7.</remarks>
internal sealed class CheckedEntryStream(Stream inner, long length, uint checksum) : Stream
{
    private const uint Polynomial = 0xEDB88320;

    private static readonly uint[] Table = MakeTable();

    private long _read;
    private uint _state = uint.MaxValue;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="InvalidDataException">It is not what was declared.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Check(buffer.Span[..read], isEnd: read == 0 && buffer.Length > 0);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.Read(buffer, offset, count);
        Check(buffer.AsSpan(offset, read), isEnd: read == 0 && count > 0);
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Check(ReadOnlySpan<byte> piece, bool isEnd)
    {
        _read += piece.Length;
        foreach (var value in piece)
        {
            _state = Table[(byte)(_state ^ value)] ^ (_state >> 8);
        }

        if (_read > length || (isEnd && (_read < length || ~_state != checksum)))
        {
            throw new InvalidDataException("An entry is not what its archive says.");
        }
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) == 0 ? value >> 1 : Polynomial ^ (value >> 1);
            }

            table[i] = value;
        }

        return table;
    }
}
