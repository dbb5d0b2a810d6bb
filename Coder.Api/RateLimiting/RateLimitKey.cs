using System.Buffers.Binary;
using System.Net;

namespace Coder.Api.RateLimiting;

/// <summary>Whose requests to what are counted together.</summary>
/// <param name="Subject">A user or an address.</param>
/// <param name="IsUser">Which of the two.</param>
/// <param name="Route">The number of the route.</param>
internal readonly record struct RateLimitKey(UInt128 Subject, bool IsUser, int Route)
{
    private const int NetworkBits = 64;

    public static RateLimitKey OfUser(Guid user, int route)
    {
        Span<byte> bytes = stackalloc byte[16];
        user.TryWriteBytes(bytes);
        return new RateLimitKey(BinaryPrimitives.ReadUInt128BigEndian(bytes), true, route);
    }

    /// <summary>Of an IPv6 address the network counts: whoever has one address there has 2⁶⁴ of them.</summary>
    public static RateLimitKey OfAddress(IPAddress? address, int route)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address is null || !address.TryWriteBytes(bytes, out var written))
        {
            return new RateLimitKey(0, false, route);
        }

        if (written == 4)
        {
            return new RateLimitKey(BinaryPrimitives.ReadUInt32BigEndian(bytes), false, route);
        }

        return address.IsIPv4MappedToIPv6
            ? new RateLimitKey(BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]), false, route)
            : new RateLimitKey(BinaryPrimitives.ReadUInt128BigEndian(bytes) >> NetworkBits << NetworkBits, false, route);
    }

    /// <summary>The same as that of many others, for when there are too many to be told apart. Routes of users are without number.</summary>
    public RateLimitKey Shared(int groups) => IsUser
        ? new((UInt128)((uint)HashCode.Combine(Subject, Route) % (uint)groups), IsUser, 0)
        : new((UInt128)((uint)Subject.GetHashCode() % (uint)groups), IsUser, Route);
}
