using Coder.Domain.Templates;

namespace Coder.Domain.Tests.Templates;

public sealed class ParameterRulesTests
{
    [Theory]
    [InlineData(ParameterType.Text, "", null)]
    [InlineData(ParameterType.Text, "a\nb", null)]
    [InlineData(ParameterType.Text, "a\0b", "must not contain a NUL character")]
    [InlineData(ParameterType.Number, "8", null)]
    [InlineData(ParameterType.Number, "-1.5", null)]
    [InlineData(ParameterType.Number, "1e3", null)]
    [InlineData(ParameterType.Number, "", "must be a number")]
    [InlineData(ParameterType.Number, " 8", "must be a number")]
    [InlineData(ParameterType.Number, "1,000", "must be a number")]
    [InlineData(ParameterType.Number, "NaN", "must be a number")]
    [InlineData(ParameterType.Number, "1e400", "must be a number")]
    [InlineData(ParameterType.Bool, "true", null)]
    [InlineData(ParameterType.Bool, "false", null)]
    [InlineData(ParameterType.Bool, "True", "must be true or false")]
    [InlineData(ParameterType.Bool, "1", "must be true or false")]
    [InlineData(ParameterType.ListOfText, "[]", null)]
    [InlineData(ParameterType.ListOfText, "[\"a\",\"b\"]", null)]
    [InlineData(ParameterType.ListOfText, "[1]", "must be a JSON array of strings")]
    [InlineData(ParameterType.ListOfText, "[\"\\ud800\"]", "must be a JSON array of strings")]
    [InlineData(ParameterType.ListOfText, "a,b", "must be a JSON array of strings")]
    [InlineData(ParameterType.ListOfText, "{}", "must be a JSON array of strings")]
    public void A_value_fits_its_type(ParameterType type, string value, string? expected) =>
        ParameterRules.CheckType(type, value).Should().Be(expected);

    [Theory]
    [InlineData("x", 65_536, null)]
    [InlineData("x", 65_537, "must have at most 65536 bytes")]
    [InlineData("ü", 32_768, null)]
    [InlineData("ü", 32_769, "must have at most 65536 bytes")]
    [InlineData("€", 21_845, null)]
    [InlineData("€", 21_846, "must have at most 65536 bytes")]
    [InlineData("😀", 16_384, null)]
    [InlineData("😀", 16_385, "must have at most 65536 bytes")]
    public void A_value_has_at_most_64_KiB(string character, int times, string? expected) =>
        ParameterRules.CheckType(ParameterType.Text, string.Concat(Enumerable.Repeat(character, times))).Should().Be(expected);

    [Theory]
    [InlineData("", "anything", null)]
    [InlineData("b", "abc", null)]
    [InlineData("^b", "abc", "must match \"^b\"")]
    [InlineData("^[a-z]+$", "abc", null)]
    [InlineData("^[a-z]+$", "abc\n", "must match \"^[a-z]+$\"")]
    [InlineData("^[$]$", "$", null)]
    [InlineData("^[]$]+$", "]$", null)]
    [InlineData("^[^]$]+$", "a", null)]
    [InlineData("^\\$5$", "$5", null)]
    [InlineData("(?m)^a$", "a\nb", null)]
    [InlineData("^(([a-z])+.)+[A-Z]([a-z])+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "must match \"^(([a-z])+.)+[A-Z]([a-z])+$\"")]
    public void Text_contains_the_pattern(string regex, string value, string? expected) =>
        ParameterRules.Check(new TemplateParameter { Name = "p", ValidationRegex = regex }, value).Should().Be(expected);

    [Fact]
    public void What_a_template_says_about_a_value_stays_short()
    {
        var parameter = new TemplateParameter
        {
            Name = "p",
            ValidationRegex = "^a$",
            ValidationError = string.Concat(Enumerable.Repeat("{value}", 100_000)),
        };

        var problem = ParameterRules.Check(parameter, new string('x', 65_536))!;

        problem.Should().StartWith(new string('x', 256) + "…x").And.EndWith("x…{v…");
        problem.Length.Should().BeLessThan(40_000);
    }

    [Theory]
    [InlineData("0", "must be at least 1")]
    [InlineData("0.99", "must be at least 1")]
    [InlineData("1", null)]
    [InlineData("8", null)]
    [InlineData("8.01", "must be at most 8")]
    public void A_number_is_within_its_limits(string value, string? expected) => ParameterRules.Check(
        new TemplateParameter { Name = "p", Type = ParameterType.Number, ValidationMin = 1, ValidationMax = 8 }, value).Should().Be(expected);

    [Fact]
    public void The_template_may_have_its_own_words() => ParameterRules.Check(
        new TemplateParameter
        {
            Name = "p",
            Type = ParameterType.Number,
            ValidationMin = 1,
            ValidationMax = 8,
            ValidationError = "{value} is not in {min}..{max}, {other}",
        },
        "9").Should().Be("9 is not in 1..8, {other}");

    [Theory]
    [InlineData(MonotonicOrder.Increasing, "4", "4", null)]
    [InlineData(MonotonicOrder.Increasing, "4", "4.5", null)]
    [InlineData(MonotonicOrder.Increasing, "4", "3", "must not be less than 4, its last value")]
    [InlineData(MonotonicOrder.Decreasing, "4", "4", null)]
    [InlineData(MonotonicOrder.Decreasing, "4", "3", null)]
    [InlineData(MonotonicOrder.Decreasing, "4", "5", "must not be more than 4, its last value")]
    [InlineData(MonotonicOrder.None, "4", "5", null)]
    [InlineData(MonotonicOrder.Increasing, null, "1", null)]
    [InlineData(MonotonicOrder.Increasing, "was text", "1", null)]
    public void A_monotonic_number_only_grows_or_shrinks(MonotonicOrder order, string? last, string value, string? expected) =>
        ParameterRules.Check(new TemplateParameter { Name = "p", Type = ParameterType.Number, ValidationMonotonic = order }, value, last)
            .Should().Be(expected);

    [Theory]
    [InlineData(ParameterFormType.Radio, "a", null)]
    [InlineData(ParameterFormType.Radio, "A", "must be one of the options")]
    [InlineData(ParameterFormType.Radio, "", "must be one of the options")]
    public void A_value_is_one_of_the_options(ParameterFormType form, string value, string? expected) =>
        ParameterRules.Check(WithOptions(ParameterType.Text, form, "a", "b"), value).Should().Be(expected);

    [Theory]
    [InlineData("[]", null)]
    [InlineData("[\"a\"]", null)]
    [InlineData("[\"b\",\"a\"]", null)]
    [InlineData("[\"a\",\"c\"]", "must be one of the options")]
    public void Of_several_choices_each_is_one_of_the_options(string value, string? expected) =>
        ParameterRules.Check(WithOptions(ParameterType.ListOfText, ParameterFormType.MultiSelect, "a", "b"), value).Should().Be(expected);

    [Fact]
    public void A_list_may_be_chosen_as_a_whole()
    {
        var parameter = WithOptions(ParameterType.ListOfText, ParameterFormType.Radio, "[\"a\"]", "[\"a\",\"b\"]");

        ParameterRules.Check(parameter, "[\"a\",\"b\"]").Should().BeNull();
        ParameterRules.Check(parameter, "[\"b\"]").Should().Be("must be one of the options");
    }

    [Theory]
    [InlineData(ParameterType.Text, false, "input textarea")]
    [InlineData(ParameterType.Text, true, "radio dropdown")]
    [InlineData(ParameterType.Number, false, "input slider")]
    [InlineData(ParameterType.Number, true, "radio dropdown")]
    [InlineData(ParameterType.Bool, false, "checkbox switch")]
    [InlineData(ParameterType.Bool, true, "radio dropdown")]
    [InlineData(ParameterType.ListOfText, false, "tag-select")]
    [InlineData(ParameterType.ListOfText, true, "multi-select radio")]
    public void Each_type_has_its_forms(ParameterType type, bool hasOptions, string expected) =>
        ParameterRules.FormTypes(type, hasOptions).Select(form => form.WireName()).Should().Equal(expected.Split(' '));

    private static TemplateParameter WithOptions(ParameterType type, ParameterFormType form, params string[] values) => new()
    {
        Name = "p",
        Type = type,
        FormType = form,
        Options = [.. values.Select(value => new ParameterOption(value, "", value, ""))],
    };
}
