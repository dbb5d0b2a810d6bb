using System.Buffers.Binary;
using System.Security.Cryptography;
using Coder.Application.Common;

namespace Coder.Infrastructure.Common;

internal sealed class Ids(TimeProvider time) : IIds
{
    private const int CounterBits = 12;

    // Milliseconds since 1970, and behind them a number that tells the ids of one millisecond apart.
    private long _last;

#pragma warning disable RS0030 // the one place where ids are made
    public Guid Random() => Guid.NewGuid();
#pragma warning restore RS0030

    // RFC 9562 section 6.2, method 1: the twelve bits behind the time count, so that each id is greater than the one before.
    public Guid Sequential()
    {
        var next = Next(time.GetUtcNow().ToUnixTimeMilliseconds() << CounterBits);
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes[8..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes, ((next >> CounterBits) << 16) | 0x7000 | (next & 0xfff));
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    // A full counter runs over into the time, and a clock that goes back is not followed.
    private long Next(long now)
    {
        while (true)
        {
            var last = Volatile.Read(ref _last);
            var next = Math.Max(last + 1, now);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
            {
                return next;
            }
        }
    }
}
