using Coder.Cli.Templates;
using Coder.Cli.Workspaces;

namespace Coder.Cli.Tests.Workspaces;

public sealed class ParameterCheckTests
{
    private static readonly ParameterJson Plain = new(
        "p", null, null, "string", "input", true, "", [], null, null, null, null, Required: true, Ephemeral: false);

    private static readonly ParameterJson Region = Plain with
    {
        Options = [new ParameterOptionJson("Europe", "", "eu"), new ParameterOptionJson("America", "", "us")],
        FormType = "radio",
    };

    [Theory]
    [InlineData("eu", "eu")]
    [InlineData("2", "us")]
    [InlineData("europe", "eu")]
    [InlineData("3", "3")]
    [InlineData("0", "0")]
    public void An_option_can_be_chosen_by_value_number_or_name(string typed, string value) =>
        ParameterCheck.Choose(Region, typed).Should().Be(value);

    [Theory]
    [InlineData("us", null)]
    [InlineData("mars", "Choose one of the options.")]
    public void Options_are_the_only_values(string value, string? problem) => ParameterCheck.Judge(Region, value).Should().Be(problem);

    [Theory]
    [InlineData("number", "12", null)]
    [InlineData("number", "x", "Type a number.")]
    [InlineData("bool", "true", null)]
    [InlineData("bool", "yes", "Type true or false.")]
    [InlineData("list(string)", "[\"a\"]", null)]
    [InlineData("list(string)", "[1]", "Type a JSON array of strings, such as [\"a\",\"b\"].")]
    [InlineData("list(string)", "a", "Type a JSON array of strings, such as [\"a\",\"b\"].")]
    [InlineData("string", "anything", null)]
    public void Types_are_held(string type, string value, string? problem) =>
        ParameterCheck.Judge(Plain with { Type = type }, value).Should().Be(problem);

    [Theory]
    [InlineData(1, 5, null, "6", "Type a number from 1 to 5.")]
    [InlineData(1, null, null, "0", "Type a number of at least 1.")]
    [InlineData(null, 5, null, "5.5", "Type a number of at most 5.")]
    [InlineData(1, 5, "{value} is not within {min} and {max}", "6", "6 is not within 1 and 5")]
    [InlineData(1, 5, null, "5", null)]
    public void Limits_are_held_with_the_words_of_the_template(int? min, int? max, string? error, string value, string? problem) =>
        ParameterCheck.Judge(Plain with { Type = "number", ValidationMin = min, ValidationMax = max, ValidationError = error }, value)
            .Should().Be(problem);

    [Theory]
    [InlineData("^[a-z]+$", null, "A", "The value must match ^[a-z]+$.")]
    [InlineData("^[a-z]+$", "Small letters only.", "A", "Small letters only.")]
    [InlineData("^[a-z]+$", null, "a", null)]
    [InlineData("(a)\\1", null, "b", null)]
    [InlineData("(", null, "b", null)]
    public void Patterns_are_held_where_they_can_be_judged(string pattern, string? error, string value, string? problem) =>
        ParameterCheck.Judge(Plain with { ValidationRegex = pattern, ValidationError = error }, value).Should().Be(problem);

    [Fact]
    public void What_a_parameter_takes_is_one_phrase()
    {
        ParameterCheck.Describe(Region).Should().Be("one of eu, us");
        ParameterCheck.Describe(Plain).Should().Be("a text");
        ParameterCheck.Describe(Plain with { ValidationRegex = "^a$" }).Should().Be("a text that matches ^a$");
        ParameterCheck.Describe(Plain with { Type = "bool" }).Should().Be("true or false");
    }
}
