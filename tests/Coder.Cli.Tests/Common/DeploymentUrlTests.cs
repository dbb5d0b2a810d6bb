using Coder.Cli.Common;

namespace Coder.Cli.Tests.Common;

public sealed class DeploymentUrlTests
{
    [Theory]
    [InlineData("https://coder.example.com", "https://coder.example.com")]
    [InlineData(" https://Coder.Example.com/ ", "https://coder.example.com")]
    [InlineData("http://10.0.0.1:3000/sub/?q#f", "http://10.0.0.1:3000/sub")]
    [InlineData("coder.example.com", "https://coder.example.com")]
    [InlineData("coder.example.com:8443", "https://coder.example.com:8443")]
    [InlineData("localhost:3000", "http://localhost:3000")]
    [InlineData("127.0.0.1:3000", "http://127.0.0.1:3000")]
    [InlineData("[::1]:3000", "http://[::1]:3000")]
    [InlineData("localhost.example.com", "https://localhost.example.com")]
    public void An_address_has_one_spelling(string text, string expected)
    {
        var parsed = DeploymentUrl.Parse(text);

        parsed.Is(out var url, out _).Should().BeTrue();
        url.Should().Be(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("ftp://coder.example.com")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://")]
    [InlineData("https://user:secret@coder.example.com")]
    [InlineData("not an address")]
    public void What_is_no_address_is_refused(string text)
    {
        var parsed = DeploymentUrl.Parse(text);

        parsed.Is(out _, out var error).Should().BeFalse();
        error!.Message.Should().NotContain("secret");
    }
}
