using Coder.Domain.Users;

namespace Coder.Domain.Tests.Users;

public sealed class PasswordStrengthTests
{
    [Theory]
    [InlineData("PasswordSecured123!")]
    [InlineData("SomeSecurePassword!")]
    [InlineData("correct horse battery")]
    [InlineData("žluťoučký kůň")]
    public void A_password_of_52_bits_is_accepted(string password) => PasswordStrength.Judge(password).Should().BeNull();

    [Theory]
    [InlineData("password", "insecure password, try including more special characters, using uppercase letters, using numbers or using a longer password")]
    [InlineData("newpassword", "insecure password, try including more special characters, using uppercase letters, using numbers or using a longer password")]
    [InlineData("PASSWORD1", "insecure password, try including more special characters, using lowercase letters or using a longer password")]
    [InlineData("aA1!_#", "insecure password, try using a longer password")]
    [InlineData("", "insecure password, try including more special characters, using lowercase letters, using uppercase letters, using numbers or using a longer password")]
    public void A_weak_password_gets_hints_for_what_is_missing(string password, string answer) =>
        PasswordStrength.Judge(password).Should().Be(answer);

    [Theory]
    [InlineData("aaaaaaaaaaaaaaaaaaaa", 2)]
    [InlineData("qwertyuiop", 2)]
    [InlineData("poiuytrewq", 2)]
    [InlineData("abcdefghijklmnopqrstuvwxyz", 2)]
    [InlineData("asdfghjkl", 2)]
    [InlineData("mnbvcxz", 2)]
    [InlineData("tkoala", 6)]
    public void Runs_count_as_two_characters(string password, int length) =>
        PasswordStrength.Entropy(password).Should().BeApproximately(Math.Log2(26) * length, 1e-9);

    [Fact]
    public void Every_other_character_adds_one_to_the_alphabet() =>
        PasswordStrength.Entropy("`ab`").Should().BeApproximately(Math.Log2(27) * 4, 1e-9);

    [Theory]
    [InlineData(64, null)]
    [InlineData(65, "password must be no more than 64 characters")]
    public void A_password_has_at_most_64_bytes(int length, string? answer) =>
        PasswordStrength.Judge(string.Concat(Enumerable.Repeat("kT9#", 17))[..length]).Should().Be(answer);
}
