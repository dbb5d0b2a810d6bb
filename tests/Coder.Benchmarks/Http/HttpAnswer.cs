using System.Buffers.Text;

namespace Coder.Benchmarks.Http;

/// <summary>Finds the end of an HTTP/1.1 answer. Requests are not pipelined, so nothing follows it.</summary>
internal static class HttpAnswer
{
    private const int StatusStart = 9;

    /// <summary>The status, such as 200, when all of the answer has come; before that <see langword="null"/>.</summary>
    public static int? StatusOf(ReadOnlySpan<byte> received)
    {
        var end = received.IndexOf("\r\n\r\n"u8);
        return end >= 0 && HasBody(received, end) && Utf8Parser.TryParse(received[StatusStart..], out int status, out _) ? status : null;
    }

    private static bool HasBody(ReadOnlySpan<byte> received, int end)
    {
        var head = received[..end];
        var body = received[(end + 4)..];
        var length = head.IndexOf("\r\nContent-Length: "u8);
        return length < 0
            ? body.EndsWith("\r\n0\r\n\r\n"u8)
            : Utf8Parser.TryParse(head[(length + "\r\nContent-Length: "u8.Length)..], out int bytes, out _) && body.Length >= bytes;
    }
}
