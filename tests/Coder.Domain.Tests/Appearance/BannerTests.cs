using Coder.Domain.Appearance;

namespace Coder.Domain.Tests.Appearance;

public sealed class BannerTests
{
    [Theory]
    [InlineData("#000000", true)]
    [InlineData("#AbCdEf", true)]
    [InlineData("000000", false)]
    [InlineData("#00000", false)]
    [InlineData("#0000000", false)]
    [InlineData("#00000g", false)]
    [InlineData("#00 000", false)]
    [InlineData("", false)]
    public void A_colour_is_a_hash_and_six_hexadecimal_digits(string text, bool isColor) => Banner.IsColor(text).Should().Be(isColor);

    [Theory]
    [InlineData(true, "", false)]
    [InlineData(false, "", true)]
    [InlineData(false, "red", false)]
    [InlineData(true, "#ffffff", true)]
    public void Only_a_banner_that_is_not_shown_needs_no_colour(bool enabled, string color, bool isUsable) =>
        new Banner(enabled, "", color).HasUsableColor.Should().Be(isUsable);

    [Fact]
    public void The_service_banner_is_the_first_one_that_is_shown()
    {
        var shown = new Banner(true, "shown", "#000000");

        new AppearanceSettings("", "", [new Banner(false, "hidden", ""), shown]).ServiceBanner.Should().Be(shown);
        new AppearanceSettings("", "", [new Banner(false, "hidden", "")]).ServiceBanner.Should().Be(Banner.None);
    }
}
