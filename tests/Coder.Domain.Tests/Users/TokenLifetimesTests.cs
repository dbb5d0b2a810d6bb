using Coder.Domain.Common;
using Coder.Domain.Users;

namespace Coder.Domain.Tests.Users;

public sealed class TokenLifetimesTests
{
    private static readonly TokenLifetimes Lifetimes = new(TimeSpan.FromHours(24), TimeSpan.FromHours(168), TimeSpan.FromHours(1));

    [Fact]
    public void The_maximum_of_owners_is_their_own()
    {
        Lifetimes.MaximumFor(["auditor", "owner"], isServiceAccount: false).Should().Be(TimeSpan.FromHours(1));
        Lifetimes.MaximumFor(["auditor"], isServiceAccount: false).Should().Be(TimeSpan.FromHours(168));
    }

    [Fact]
    public void The_shorter_maximum_of_owners_is_not_for_service_accounts()
    {
        Lifetimes.MaximumFor(["owner"], isServiceAccount: true).Should().Be(TimeSpan.FromHours(168));
        Lifetimes.Judge(TimeSpan.FromHours(168), ["owner"], isServiceAccount: true).Error.Should().BeNull();
        Lifetimes.Judge(TimeSpan.FromHours(169), ["owner"], isServiceAccount: true).Error.Should().NotBeNull();
    }

    [Fact]
    public void The_default_is_cut_to_the_maximum()
    {
        Lifetimes.Judge(null, [], isServiceAccount: false).Should().Be(Result<TimeSpan>.From(TimeSpan.FromHours(24)));
        Lifetimes.Judge(null, ["owner"], isServiceAccount: false).Should().Be(Result<TimeSpan>.From(TimeSpan.FromHours(1)));
    }

    [Theory]
    [InlineData(168 * 3600, null)]
    [InlineData((168 * 3600) + 1, "lifetime must be less than 168h0m0s")]
    [InlineData(-1, "lifetime must be positive number greater than 0")]
    public void A_lifetime_is_positive_and_at_most_the_maximum(int seconds, string? detail)
    {
        var result = Lifetimes.Judge(TimeSpan.FromSeconds(seconds), [], isServiceAccount: false);

        result.Error?.Detail.Should().Be(detail);
        (result.Error is null).Should().Be(detail is null);
        result.Error?.Message.Should().Be("Failed to validate create API key request.");
    }
}
