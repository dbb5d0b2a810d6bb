using System.Net;
using Microsoft.Extensions.Primitives;

namespace Coder.Api.Configuration;

/// <summary>Who may say where a request really came from (docs/spec/platform.md, section 5.6).</summary>
/// <param name="Origins">The networks of the proxies; nobody else is believed.</param>
/// <param name="Headers">Where they say it, the most trusted header first.</param>
public sealed record TrustedProxies(IReadOnlyList<IPNetwork> Origins, IReadOnlyList<string> Headers)
{
    /// <summary>
    /// The address of the client: the peer's, or, when the peer is trusted, what the first usable header says. Of a list of addresses it is
    /// the right-most one that is not itself trusted, because everything to the left of it can be forged by the client.
    /// </summary>
    public IPAddress? ClientOf(IPAddress? peer, IHeaderDictionary headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        if (peer is null || !IsTrusted(peer))
        {
            return peer;
        }

        foreach (var name in Headers)
        {
            if (headers.TryGetValue(name, out var values) && Find(values) is { } client)
            {
                return client;
            }
        }

        return peer;
    }

    private IPAddress? Find(StringValues values)
    {
        IPAddress? furthest = null;
        for (var i = values.Count - 1; i >= 0; i--)
        {
            var rest = values[i].AsSpan();
            while (!rest.IsEmpty)
            {
                var comma = rest.LastIndexOf(',');
                var entry = rest[(comma + 1)..].Trim();
                rest = comma < 0 ? [] : rest[..comma];
                if (entry.IsEmpty)
                {
                    continue;
                }

                // What stands before something unreadable was written by somebody whom nobody vouches for.
                if (!TryRead(entry, out var address))
                {
                    return null;
                }

                if (!IsTrusted(address))
                {
                    return address;
                }

                furthest = address;
            }
        }

        // A client within the networks of the proxies.
        return furthest;
    }

    private bool IsTrusted(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var network in Origins)
        {
            if (network.Contains(plain))
            {
                return true;
            }
        }

        return false;
    }

    // With or without a port. IPAddress alone would take "7" for 0.0.0.7.
    private static bool TryRead(ReadOnlySpan<char> text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text.ContainsAny('%', 'x', 'X')
            || (text.Count('.') != 3 && text.Count(':') < 2)
            || !IPEndPoint.TryParse(text, out var endPoint))
        {
            return false;
        }

        address = endPoint.Address;
        return true;
    }
}
