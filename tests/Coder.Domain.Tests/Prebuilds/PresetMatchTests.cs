using Coder.Domain.Prebuilds;

namespace Coder.Domain.Tests.Prebuilds;

public sealed class PresetMatchTests
{
    [Theory]
    [InlineData("a", "region=eu size=2", "a:region=eu")]
    [InlineData(null, "region=us size=2", "a:region=eu")]
    [InlineData(null, "size=2", "a:region=eu")]
    [InlineData(null, "region=EU", "a:region=eu")]
    [InlineData("both", "region=eu size=2", "a:region=eu both:region=eu,size=2 b:size=2")]
    [InlineData("a", "region=eu size=3", "a:region=eu both:region=eu,size=2 b:size=2")]
    [InlineData("a", "region=eu size=2", "b:size=2 a:region=eu")]
    [InlineData("b", "region=eu size=2", "b*:size=2 a:region=eu")]
    [InlineData("both", "region=eu size=2", "b*:size=2 both:region=eu,size=2")]
    [InlineData("none", "region=us", "a:region=eu none:")]
    [InlineData("a", "region=eu", "a:region=eu none*:")]
    [InlineData("B", "", "b: B: a:")]
    [InlineData(null, "region=eu", "")]
    public void The_preset_that_says_most_about_the_values_is_chosen(string? expected, string values, string presets)
    {
        var candidates = Words(presets).Select(Candidate).ToList();

        var chosen = PresetMatch.Choose(candidates, Values(values, ' '));

        chosen?.Name.Should().Be(expected);
        (chosen is null).Should().Be(expected is null);
    }

    private static PresetCandidate Candidate(string text)
    {
        var (name, values) = (text.Split(':')[0], text.Split(':')[1]);
        return new PresetCandidate(Guid.Empty, name.TrimEnd('*'), name.EndsWith('*'), Values(values, ','));
    }

    private static Dictionary<string, string> Values(string text, char separator) => text
        .Split(separator, StringSplitOptions.RemoveEmptyEntries)
        .ToDictionary(pair => pair.Split('=')[0], pair => pair.Split('=')[1], StringComparer.Ordinal);

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
