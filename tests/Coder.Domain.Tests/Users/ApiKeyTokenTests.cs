using Coder.Domain.Common;
using Coder.Domain.Users;

namespace Coder.Domain.Tests.Users;

public sealed class ApiKeyTokenTests
{
    private const string Id = "abcDEF0123";
    private const string Secret = "abcdefghijABCDEFGHIJ01";

    [Fact]
    public void A_credential_is_an_id_and_a_secret()
    {
        var result = ApiKeyToken.Parse($"{Id}-{Secret}");

        result.Is(out var token, out _).Should().BeTrue();
        token.Should().Be(new ApiKeyToken(Id, Secret));
        token.Reveal().Should().Be($"{Id}-{Secret}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("abcDEF0123")]
    [InlineData("abcDEF0123-")]
    [InlineData("abcDEF012-abcdefghijABCDEFGHIJ01")]
    [InlineData("abcDEF0123-abcdefghijABCDEFGHIJ0")]
    [InlineData("abcDEF0123-abcdefghijABCDEFGHIJ012")]
    [InlineData("abcDEF012-3abcdefghijABCDEFGHIJ01")]
    [InlineData("abcDEF0123-abcdefghijABCDEFGHIJ0-")]
    [InlineData("abcDEF012é-abcdefghijABCDEFGHIJ01")]
    [InlineData("abcDEF0123-abcdefghijABCDEFGHIJ0\0")]
    public void A_malformed_credential_is_refused_without_being_repeated(string credential)
    {
        var error = ApiKeyToken.Parse(credential).Error!;

        error.Kind.Should().Be(ErrorKind.Unauthenticated);
        error.Message.Should().Be("You are signed out or your session has expired. Please sign in again to continue.");
        error.Detail.Should().StartWith("Invalid API key format: ");
        if (credential.Length > 0)
        {
            error.Detail.Should().NotContain(credential);
        }
    }

    [Fact]
    public void The_secret_does_not_show_in_text() => new ApiKeyToken(Id, Secret).ToString().Should().NotContain(Secret);
}
