using Coder.Domain.WorkspaceProxies;

namespace Coder.Domain.Tests.WorkspaceProxies;

public sealed class ProxyTokenTests
{
    private const string Id = "0b3a4f0e-0000-4000-8000-000000000001";
    private static readonly string Secret = new('s', ProxyToken.SecretLength);

    [Fact]
    public void A_token_is_read_as_it_was_written()
    {
        var token = new ProxyToken(new Guid(Id), Secret);

        ProxyToken.TryParse(token.Reveal(), out var read).Should().BeTrue();

        read.Should().Be(token);
        token.Reveal().Should().Be($"{Id}:{Secret}");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(Id)]
    [InlineData(Id + ":")]
    [InlineData(Id + ":tooshort")]
    [InlineData("{" + Id + "}:ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss")]
    [InlineData(Id + ":sssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss-")]
    [InlineData(Id + ":ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss:")]
    public void What_is_no_token_is_not_read(string? credential) => ProxyToken.TryParse(credential, out _).Should().BeFalse();

    [Fact]
    public void A_token_in_a_log_line_gives_nothing_away() =>
        new ProxyToken(new Guid(Id), Secret).ToString().Should().Be($"{Id}:…");

    [Theory]
    [InlineData("", true)]
    [InlineData("Frankfurt am Main", true)]
    [InlineData(" x", false)]
    [InlineData("x ", false)]
    public void A_display_name_has_no_white_space_around_it(string name, bool isValid) =>
        WorkspaceProxy.IsDisplayName(name).Should().Be(isValid);

    [Fact]
    public void A_display_name_has_at_most_64_characters()
    {
        WorkspaceProxy.IsDisplayName(new string('x', 64)).Should().BeTrue();
        WorkspaceProxy.IsDisplayName(new string('x', 65)).Should().BeFalse();
    }
}
