using System.Net;

namespace Coder.Domain.ConnectionLogs;

/// <summary>Addresses as agents and proxies report them (docs/spec/connection-logs.md, section 4.3 rule 5).</summary>
public static class ClientAddress
{
    private const string LocalHost = "localhost";

    /// <summary>
    /// Reads an address, perhaps with brackets, a port or a zone. <c>localhost</c> in any case is 127.0.0.1, and IPv4 in the clothes of IPv6
    /// is IPv4. An event is never refused because of its address.
    /// </summary>
    /// <returns>The address, or <see langword="null"/> when the text holds none.</returns>
    public static IPAddress? Parse(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var rest = text.AsSpan().Trim();
        rest = rest is ['[', ..] ? Bracketed(rest) : WithoutPort(rest);
        if (rest.IndexOf('%') is var zone and >= 0)
        {
            rest = rest[..zone];
        }

        if (rest.Equals(LocalHost, StringComparison.OrdinalIgnoreCase))
        {
            return IPAddress.Loopback;
        }

        // The framework also reads 1 and 0x7f.1 as addresses of version 4; nobody means these.
        return IPAddress.TryParse(rest, out var address) && (rest.Contains(':') || rest.Count('.') == 3) ? Canonical(address) : null;
    }

    /// <summary>Without zone, and as IPv4 where it is one.</summary>
    internal static IPAddress Canonical(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes());

    private static ReadOnlySpan<char> Bracketed(ReadOnlySpan<char> text)
    {
        var end = text.IndexOf(']');
        return end < 0 ? text[1..] : text[1..end];
    }

    // With more than one colon and no brackets, the last group of an IPv6 address can not be told from a port.
    private static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> text) =>
        text.Count(':') == 1 ? text[..text.IndexOf(':')] : text;
}
