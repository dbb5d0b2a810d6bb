using System.Net;

namespace Coder.Api.Tests.Files;

/// <summary>A body that is nowhere as a whole.</summary>
internal sealed class ZerosContent(long length, byte value = 0) : HttpContent
{
    private static readonly int PieceLength = 64 * 1024;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var piece = new byte[PieceLength];
        piece.AsSpan().Fill(value);
        for (var left = length; left > 0; left -= piece.Length)
        {
            await stream.WriteAsync(piece.AsMemory(0, (int)Math.Min(left, piece.Length)), cancellationToken);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }
}
