using System.Text.Json;
using Coder.Cli.Provisionerd;
using Coder.Cli.Provisionerd.Terraform;

namespace Coder.Cli.Tests.Provisionerd.Terraform;

public sealed class InputReaderTests
{
    [Fact]
    public void Parameters_come_in_the_order_of_the_form()
    {
        var document = Plan(
            Data("coder_parameter", "b", """{"name":"b","order":2}"""),
            Data("coder_parameter", "z", """{"name":"z","order":1}"""),
            Data("coder_parameter", "a", """{"name":"a","order":1}"""),
            Data("coder_parameter", "first", """{"name":"first","order":null}"""),
            Data("coder_workspace", "me", """{"name":"me"}"""));

        InputReader.Parameters(document).Select(parameter => parameter.Name).Should().Equal("first", "a", "z", "b");
    }

    [Fact]
    public void A_parameter_has_all_that_the_form_needs()
    {
        var document = Plan(Data("coder_parameter", "size", """
            {"name":"size","display_name":"Size","description":"How large","type":"number","form_type":"slider","mutable":true,
             "default":"2","optional":true,"icon":"/i.svg","ephemeral":false,"order":null,"value":"2",
             "option":null,
             "validation":[{"min":1,"max":8,"min_disabled":false,"max_disabled":false,"monotonic":"increasing","regex":"","error":"No."}]}
            """));

        InputReader.Parameters(document).Should().ContainSingle().Which.Should().BeEquivalentTo(new ParameterJson
        {
            Name = "size",
            DisplayName = "Size",
            Description = "How large",
            Type = "number",
            FormType = "slider",
            Mutable = true,
            DefaultValue = "2",
            Icon = "/i.svg",
            ValidationRegex = "",
            ValidationError = "No.",
            ValidationMin = 1,
            ValidationMax = 8,
            ValidationMonotonic = "increasing",
        });
    }

    [Theory]
    [InlineData("""{"optional":true,"default":""}""", "")]
    [InlineData("""{"optional":true,"default":null}""", "")]
    [InlineData("""{"optional":false,"default":""}""", null)]
    [InlineData("""{"default":"x"}""", "x")]
    [InlineData("""{"default":null}""", null)]
    public void A_parameter_without_a_default_has_to_be_given(string values, string? expected) =>
        InputReader.Parameters(Plan(Data("coder_parameter", "x", values))).Single().DefaultValue.Should().Be(expected);

    [Fact]
    public void A_limit_that_nobody_set_is_none()
    {
        var document = Plan(Data("coder_parameter", "x", """
            {"name":"x","validation":[{"min":0,"max":9,"min_disabled":true,"max_disabled":false}]}
            """));

        var parameter = InputReader.Parameters(document).Single();

        (parameter.ValidationMin, parameter.ValidationMax).Should().Be((null, 9));
    }

    [Fact]
    public void Options_keep_their_order()
    {
        var document = Plan(Data("coder_parameter", "x", """
            {"name":"x","option":[{"name":"US","value":"us","icon":"/us.png","description":"far"},{"name":"EU","value":"eu","icon":"","description":""}]}
            """));

        InputReader.Parameters(document).Single().Options.Should().Equal(
            new OptionJson("US", "far", "us", "/us.png"), new OptionJson("EU", "", "eu", ""));
    }

    [Fact]
    public void A_preset_has_its_values_and_its_stock()
    {
        var document = Plan(Data("coder_workspace_preset", "eu", """
            {"name":"EU","description":"near","icon":"/eu.png","default":true,"parameters":{"region":"eu","size":"2"},
             "prebuilds":[{"instances":3,"expiration_policy":[{"ttl":3600}],
               "scheduling":[{"timezone":"UTC","schedule":[{"cron":"* 8-18 * * 1-5","instances":5}]}]}]}
            """));

        InputReader.Presets(document).Should().ContainSingle().Which.Should().BeEquivalentTo(new PresetJson
        {
            Name = "EU",
            Description = "near",
            Icon = "/eu.png",
            Default = true,
            Parameters = new Dictionary<string, string> { ["region"] = "eu", ["size"] = "2" },
            Prebuilds = new PrebuildsJson(3, new ExpirationJson(3600), new SchedulingJson("UTC", [new ScheduleJson("* 8-18 * * 1-5", 5)])),
        });
    }

    [Fact]
    public void A_preset_without_a_stock_has_none()
    {
        var document = Plan(Data("coder_workspace_preset", "b", """{"name":"b","parameters":null,"prebuilds":[]}"""));

        InputReader.Presets(document).Should().ContainSingle().Which.Prebuilds.Should().BeNull();
    }

    [Fact]
    public void Data_in_modules_and_data_that_is_read_later_counts_too()
    {
        var document = TerraformDocument.OfPlan(JsonElement.Parse("""
            {"planned_values":{"root_module":{"resources":[
               {"address":"data.coder_parameter.late","mode":"data","type":"coder_parameter","name":"late","values":{"name":"late"}}]}},
             "prior_state":{"values":{"root_module":{"child_modules":[{"address":"module.m[0]","resources":[
               {"address":"module.m[0].data.coder_parameter.deep","mode":"data","type":"coder_parameter","name":"deep","values":{"name":"deep"}}]}]}}}}
            """));

        InputReader.Parameters(document).Select(parameter => parameter.Name).Should().Equal("deep", "late");
    }

    [Fact]
    public void An_empty_plan_asks_for_nothing()
    {
        var document = TerraformDocument.OfPlan(JsonElement.Parse("""{"format_version":"1.2"}"""));

        InputReader.Parameters(document).Should().BeEmpty();
        InputReader.Presets(document).Should().BeEmpty();
        ResourceReader.Read(document, isStarted: true).Resources.Should().BeEmpty();
    }

    private static string Data(string type, string name, string values) =>
        $$"""{"address":"data.{{type}}.{{name}}","mode":"data","type":"{{type}}","name":"{{name}}","values":{{values}} }""";

    private static TerraformDocument Plan(params string[] data) => TerraformDocument.OfPlan(JsonElement.Parse(
        """{"prior_state":{"values":{"root_module":{"resources":[""" + string.Join(',', data) + "]}}}}"));
}
