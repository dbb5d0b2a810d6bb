using System.Net;
using Coder.Api.Configuration;
using Microsoft.AspNetCore.Http;

namespace Coder.Api.Tests.Configuration;

public sealed class TrustedProxiesTests
{
    private const string Proxies = "10.0.0.0/8, 192.0.2.1, fd00::/8";

    [Theory]
    [InlineData("203.0.113.9", "198.51.100.7", "203.0.113.9")] // not a proxy: whatever it says is ignored
    [InlineData("10.0.0.1", "198.51.100.7", "198.51.100.7")]
    [InlineData("10.0.0.1", "6.6.6.6, 198.51.100.7", "198.51.100.7")] // the left one can be forged
    [InlineData("10.0.0.1", "6.6.6.6, 198.51.100.7, 10.2.3.4", "198.51.100.7")]
    [InlineData("10.0.0.1", "6.6.6.6,198.51.100.7,10.2.3.4,192.0.2.1", "198.51.100.7")]
    [InlineData("192.0.2.1", "198.51.100.7", "198.51.100.7")]
    [InlineData("192.0.2.2", "198.51.100.7", "192.0.2.2")]
    [InlineData("::ffff:10.0.0.1", "198.51.100.7", "198.51.100.7")]
    [InlineData("fd00::1", "2001:db8::7", "2001:db8::7")]
    [InlineData("10.0.0.1", "[2001:db8::7]:4711", "2001:db8::7")]
    [InlineData("10.0.0.1", "198.51.100.7:4711", "198.51.100.7")]
    [InlineData("10.0.0.1", "10.9.9.9, 10.2.3.4", "10.9.9.9")] // a client within the trusted networks
    [InlineData("10.0.0.1", "198.51.100.7, , ", "198.51.100.7")]
    [InlineData("10.0.0.1", "198.51.100.7, unknown", "10.0.0.1")]
    [InlineData("10.0.0.1", "198.51.100.7, nonsense, 10.2.3.4", "10.0.0.1")]
    [InlineData("10.0.0.1", "7", "10.0.0.1")]
    [InlineData("10.0.0.1", "0x7f.0.0.1", "10.0.0.1")]
    [InlineData("10.0.0.1", "fe80::1%1", "10.0.0.1")]
    [InlineData("10.0.0.1", "", "10.0.0.1")]
    [InlineData("10.0.0.1", null, "10.0.0.1")]
    public void The_client_is_the_right_most_address_that_is_not_trusted(string peer, string? forwarded, string client) =>
        ClientOf(peer, "X-Forwarded-For", ("X-Forwarded-For", forwarded)).Should().Be(client);

    [Fact]
    public void A_header_that_was_sent_several_times_is_one_list()
    {
        var headers = new HeaderDictionary { ["X-Forwarded-For"] = new[] { "6.6.6.6, 198.51.100.7", "10.1.1.1" } };

        Read(Proxies, "X-Forwarded-For").ClientOf(IPAddress.Parse("10.0.0.1"), headers).Should().Be(IPAddress.Parse("198.51.100.7"));
    }

    [Theory]
    [InlineData("198.51.100.1", "198.51.100.2", "198.51.100.1")]
    [InlineData(null, "198.51.100.2", "198.51.100.2")]
    [InlineData("nonsense", "198.51.100.2", "198.51.100.2")]
    [InlineData("nonsense", null, "10.0.0.1")]
    public void The_first_usable_header_counts(string? first, string? second, string client) =>
        ClientOf("10.0.0.1", "Cf-Connecting-Ip, X-Real-Ip", ("Cf-Connecting-Ip", first), ("X-Real-Ip", second)).Should().Be(client);

    [Fact]
    public void A_header_that_is_not_trusted_is_not_read() =>
        ClientOf("10.0.0.1", "X-Real-Ip", ("X-Forwarded-For", "198.51.100.7")).Should().Be("10.0.0.1");

    [Fact]
    public void Nobody_is_trusted_by_default()
    {
        var proxies = Read("", "");

        proxies.Origins.Should().BeEmpty();
        proxies.ClientOf(IPAddress.Loopback, new HeaderDictionary { ["X-Forwarded-For"] = "198.51.100.7" }).Should().Be(IPAddress.Loopback);
    }

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/")]
    [InlineData("proxy.example.com")]
    [InlineData("fd00::/129")]
    public void A_bad_network_stops_the_start(string text)
    {
        var error = CoderSettings.From(new CoderOptions { ProxyTrustedOrigins = $"10.0.0.0/8,{text}" }).Error;

        error!.Validations.Should().ContainSingle().Which.Field.Should().Be("CODER_PROXY_TRUSTED_ORIGINS");
        error.Validations![0].Detail.Should().Contain($"\"{text}\"");
    }

    private static string ClientOf(string peer, string trusted, params (string Name, string? Value)[] sent)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in sent.Where(h => h.Value is not null))
        {
            headers[name] = value;
        }

        return Read(Proxies, trusted).ClientOf(IPAddress.Parse(peer), headers)!.ToString();
    }

    private static TrustedProxies Read(string origins, string headers) =>
        CoderSettings.From(new CoderOptions { ProxyTrustedOrigins = origins, ProxyTrustedHeaders = headers })
            .Match(s => s.TrustedProxies, e => throw new ArgumentException(e.Message, nameof(origins)));
}
