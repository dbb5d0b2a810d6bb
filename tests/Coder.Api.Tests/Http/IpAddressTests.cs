using System.Net;
using Coder.Api.Http;
using Microsoft.AspNetCore.Http;

namespace Coder.Api.Tests.Http;

public sealed class IpAddressTests
{
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("fe80::1%2", "fe80::1")]
    public void An_address_is_one_that_the_database_can_keep(string remote, string expected)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(remote);

        context.IpAddress().Should().Be(expected);
    }

    [Fact]
    public void A_caller_without_an_address_has_that_of_nobody() => new DefaultHttpContext().IpAddress().Should().Be("0.0.0.0");
}
