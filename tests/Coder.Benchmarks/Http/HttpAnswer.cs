using System.Buffers.Text;
using System.Text;

namespace Coder.Benchmarks.Http;

/// <summary>Finds the end of an HTTP/1.1 answer. Requests are not pipelined, so nothing follows it.</summary>
internal static class HttpAnswer
{
    /// <summary>Whether all of the answer has come.</summary>
    /// <exception cref="InvalidDataException">The answer is not a 200.</exception>
    public static bool IsComplete(ReadOnlySpan<byte> received)
    {
        var end = received.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        if (!received.StartsWith("HTTP/1.1 200 "u8))
        {
            throw new InvalidDataException(Encoding.UTF8.GetString(received));
        }

        var head = received[..end];
        var body = received[(end + 4)..];
        var length = head.IndexOf("\r\nContent-Length: "u8);
        return length < 0
            ? body.EndsWith("\r\n0\r\n\r\n"u8)
            : Utf8Parser.TryParse(head[(length + "\r\nContent-Length: "u8.Length)..], out int bytes, out _) && body.Length >= bytes;
    }
}
