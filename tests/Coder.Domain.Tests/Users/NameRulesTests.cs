using Coder.Domain.Users;

namespace Coder.Domain.Tests.Users;

public sealed class NameRulesTests
{
    [Theory]
    [InlineData("a", true)]
    [InlineData("A-1-b", true)]
    [InlineData("abcdefghijklmnopqrstuvwxyz012345", true)]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("new", false)]
    [InlineData("create", false)]
    [InlineData("-a", false)]
    [InlineData("a-", false)]
    [InlineData("a--b", false)]
    [InlineData("a_b", false)]
    [InlineData("a b", false)]
    [InlineData("a\n", false)]
    [InlineData("é", false)]
    public void Names_are_letters_digits_and_single_hyphens(string? name, bool valid) => NameRules.IsName(name).Should().Be(valid);

    [Theory]
    [InlineData("ada@example.com", true)]
    [InlineData("ada.lovelace+x@mail.example.com", true)]
    [InlineData("müller@exämple.de", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("ada", false)]
    [InlineData("ada@localhost", false)]
    [InlineData("ada@@example.com", false)]
    [InlineData(" ada@example.com", false)]
    [InlineData("ada@example.com\n", false)]
    [InlineData("ada@-example.com", false)]
    [InlineData(".ada@example.com", false)]
    [InlineData("a..b@example.com", false)]
    public void Addresses_have_a_local_part_and_a_domain_with_a_dot(string? email, bool valid) => NameRules.IsEmail(email).Should().Be(valid);

    [Fact]
    public void A_local_part_has_at_most_64_characters()
    {
        NameRules.IsEmail(new string('a', 64) + "@example.com").Should().BeTrue();
        NameRules.IsEmail(new string('a', 65) + "@example.com").Should().BeFalse();
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("", true)]
    [InlineData("Ada Lovelace", true)]
    [InlineData(" Ada", false)]
    [InlineData("Ada\t", false)]
    public void Real_names_have_no_white_space_around_them(string? name, bool valid) => NameRules.IsRealName(name).Should().Be(valid);

    [Theory]
    [InlineData(null, true)]
    [InlineData("", true)]
    [InlineData("Acme & Söhne", true)]
    [InlineData(" padded", false)]
    [InlineData("padded\t", false)]
    [InlineData(" ", false)]
    public void A_display_name_is_anything_without_white_space_around_it(string? name, bool isValid)
    {
        NameRules.IsDisplayName(name).Should().Be(isValid);
    }

    [Fact]
    public void A_display_name_has_at_most_64_characters()
    {
        NameRules.IsDisplayName(new string('x', 64)).Should().BeTrue();
        NameRules.IsDisplayName(new string('x', 65)).Should().BeFalse();
    }
}
