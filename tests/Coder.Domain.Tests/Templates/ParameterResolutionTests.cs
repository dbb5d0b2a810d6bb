using Coder.Domain.Common;
using Coder.Domain.Templates;

namespace Coder.Domain.Tests.Templates;

public sealed class ParameterResolutionTests
{
    [Theory]
    [InlineData("given", "preset", "last", "default", "given")]
    [InlineData(null, "preset", "last", "default", "preset")]
    [InlineData(null, null, "last", "default", "last")]
    [InlineData(null, null, null, "default", "default")]
    [InlineData("", "preset", "last", "default", "")]
    [InlineData(null, null, "last", null, "last")]
    public void A_value_is_given_or_of_the_preset_or_of_the_last_build_or_the_default(
        string? given, string? preset, string? last, string? absent, string expected) =>
        Resolve(new TemplateParameter { Name = "p", DefaultValue = absent }, given, preset, last).Should().Be(expected);

    [Fact]
    public void A_required_parameter_needs_a_value() =>
        Resolve(new TemplateParameter { Name = "p" }, null, null, null).Should().Be("Unable to validate parameter \"p\": parameter \"p\" is required");

    [Theory]
    [InlineData("given", "last", "given")]
    [InlineData(null, "last", "default")]
    public void The_value_of_an_ephemeral_parameter_is_not_carried_over(string? given, string? last, string expected) =>
        Resolve(new TemplateParameter { Name = "p", DefaultValue = "default", Ephemeral = true }, given, null, last).Should().Be(expected);

    [Theory]
    [InlineData("same", null, "same", "same")]
    [InlineData(null, null, "same", "same")]
    [InlineData("new", null, null, "new")]
    [InlineData(null, "new", null, "new")]
    [InlineData("new", null, "same", "Unable to validate parameter \"p\": parameter \"p\" cannot be changed after the workspace was created")]
    [InlineData(null, "new", "same", "Unable to validate parameter \"p\": parameter \"p\" cannot be changed after the workspace was created")]
    public void An_immutable_parameter_keeps_the_value_of_the_first_build(string? given, string? preset, string? last, string expected) =>
        Resolve(new TemplateParameter { Name = "p", DefaultValue = "default", Mutable = false }, given, preset, last).Should().Be(expected);

    [Theory]
    [InlineData("3", null, "Unable to validate parameter \"p\": parameter \"p\" must not be less than 4, its last value")]
    [InlineData("x", null, "Unable to validate parameter \"p\": parameter \"p\" must be a number")]
    [InlineData(null, "9", "Unable to validate parameter \"p\": parameter \"p\" must be at most 8")]
    [InlineData("5", "9", "5")]
    public void Whatever_a_value_comes_from_it_must_be_valid(string? given, string? preset, string expected) => Resolve(
        new TemplateParameter
        {
            Name = "p",
            Type = ParameterType.Number,
            ValidationMax = 8,
            ValidationMonotonic = MonotonicOrder.Increasing,
        },
        given,
        preset,
        "4").Should().Be(expected);

    [Fact]
    public void A_last_value_that_the_new_version_does_not_know_is_invalid() => Resolve(
        new TemplateParameter { Name = "p", DefaultValue = "a", Options = [new("A", "", "a", "")], FormType = ParameterFormType.Radio },
        null,
        null,
        "b").Should().Be("Unable to validate parameter \"p\": parameter \"p\" must be one of the options");

    [Fact]
    public void There_is_one_value_for_each_parameter_in_their_order_and_unknown_names_are_ignored()
    {
        TemplateParameter[] parameters = [new() { Name = "b", DefaultValue = "1" }, new() { Name = "a", DefaultValue = "2" }];

        var result = ParameterResolution.Resolve(parameters, new ParameterSources { Given = Values("c", "3"), LastBuild = Values("a", "4") });

        result.Is(out var values, out _).Should().BeTrue();
        values.Should().Equal(new ParameterValue("b", "1"), new ParameterValue("a", "4"));
    }

    [Fact]
    public void A_refusal_is_invalid_input() =>
        ParameterResolution.Resolve([new TemplateParameter { Name = "p" }], new ParameterSources()).Error!.Kind.Should().Be(ErrorKind.Invalid);

    [Fact]
    public void Variables_are_given_or_default_or_empty()
    {
        TemplateVariable[] variables =
        [
            new() { Name = "a", Required = true },
            new() { Name = "b", DefaultValue = "default" },
            new() { Name = "c", DefaultValue = "default" },
            new() { Name = "d" },
        ];
        var given = new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "1", ["b"] = "", ["x"] = "9" };

        ParameterResolution.ResolveVariables(variables, given).Is(out var values, out _).Should().BeTrue();

        values.Should().Equal(new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "1", ["b"] = "", ["c"] = "default", ["d"] = "" });
    }

    [Fact]
    public void Missing_required_variables_are_all_named()
    {
        TemplateVariable[] variables = [new() { Name = "a", Required = true }, new() { Name = "b" }, new() { Name = "c", Required = true }];

        var error = ParameterResolution.ResolveVariables(variables, new Dictionary<string, string>(StringComparer.Ordinal)).Error;

        error.Should().Be(new Error(
            ErrorKind.Invalid,
            "The template has required variables without a value: \"a\", \"c\".",
            "REQUIRED_TEMPLATE_VARIABLES"));
    }

    [Fact]
    public void A_variable_of_another_type_is_refused() =>
        ParameterResolution.ResolveVariables([new TemplateVariable { Name = "a", Type = ParameterType.Number }], Values("a", "many"))
            .Error!.Message.Should().Be("The value of the variable \"a\" must be a number.");

    private static string Resolve(TemplateParameter parameter, string? given, string? preset, string? last) => ParameterResolution
        .Resolve(
            [parameter],
            new ParameterSources
            {
                Given = Values(parameter.Name, given),
                Preset = Values(parameter.Name, preset),
                LastBuild = Values(parameter.Name, last),
            })
        .Match(values => values.Single().Value, error => $"{error.Message}: {error.Detail}");

    private static Dictionary<string, string> Values(string name, string? value) =>
        value is null ? [] : new Dictionary<string, string>(StringComparer.Ordinal) { [name] = value };
}
