using Coder.Domain.Users;

namespace Coder.Domain.Tests.Users;

public sealed class OneTimePasscodeTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_right_passcode_matches_until_its_time_is_over()
    {
        var hash = OneTimePasscode.Hash("secret");

        OneTimePasscode.Matches("secret", hash, Now.AddTicks(1), Now).Should().BeTrue();
        OneTimePasscode.Matches("secret", hash, Now, Now).Should().BeFalse();
        OneTimePasscode.Matches("Secret", hash, Now.AddTicks(1), Now).Should().BeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("anything")]
    public void Nothing_matches_where_there_is_no_passcode(string typed) =>
        OneTimePasscode.Matches(typed, null, null, Now).Should().BeFalse();

    [Fact]
    public void A_hash_without_an_end_matches_nothing() =>
        OneTimePasscode.Matches("secret", OneTimePasscode.Hash("secret"), null, Now).Should().BeFalse();

    [Fact]
    public void The_next_passcode_waits_for_a_minute_after_the_last()
    {
        var end = Now + OneTimePasscode.Lifetime;

        OneTimePasscode.MayIssue(null, Now).Should().BeTrue();
        OneTimePasscode.MayIssue(end, Now).Should().BeFalse();
        OneTimePasscode.MayIssue(end, Now.AddSeconds(60).AddTicks(-1)).Should().BeFalse();
        OneTimePasscode.MayIssue(end, Now.AddSeconds(60)).Should().BeTrue();
    }
}
