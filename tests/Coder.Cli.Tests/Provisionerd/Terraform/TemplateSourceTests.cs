using Coder.Cli.Provisionerd;
using Coder.Cli.Provisionerd.Terraform;

namespace Coder.Cli.Tests.Provisionerd.Terraform;

public sealed class TemplateSourceTests
{
    [Theory]
    [InlineData("type = string", "string", null, true)]
    [InlineData("", "string", null, true)]
    [InlineData("type = number\ndefault = 3", "number", "3", false)]
    [InlineData("type = bool\ndefault = false", "bool", "false", false)]
    [InlineData("type = \"string\"\ndefault = \"\"", "string", "", false)]
    [InlineData("default = null", "string", null, false)]
    [InlineData("type = list(string)", "string", null, true)]
    [InlineData("type = list(string)\ndefault = [\"a\"]", "string", "[\"a\"]", false)]
    public void A_variable_is_required_unless_it_has_a_default(string body, string type, string? value, bool required)
    {
        var source = Of($"variable \"x\" {{\n{body}\n}}");

        source.Variables.Should().Equal(new VariableJson("x", "", type, value, required, Sensitive: false));
    }

    [Fact]
    public void Description_and_secrecy_of_a_variable_are_read()
    {
        var source = Of("variable \"token\" {\n  description = <<EOT\n  What opens the door.\n  EOT\n  sensitive = true\n}");

        source.Variables.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Description = "What opens the door.", Sensitive = true });
    }

    [Fact]
    public void Nobody_is_asked_for_what_the_template_gives_itself_or_what_the_environment_can_not_carry()
    {
        var source = TemplateSource.Of(
            ["variable \"a\" {}\nvariable \"b\" {}\nvariable \"c\" { default = { x = 1 } }", "variable \"broken\" {"], ["a = 1\n"]);

        source.Variables.Select(variable => variable.Name).Should().Equal("b");
    }

    [Fact]
    public void Missing_are_the_required_ones_without_a_value()
    {
        var source = Of("variable \"a\" {}\nvariable \"b\" {}\nvariable \"c\" { default = 1 }");

        source.Missing(new Dictionary<string, string> { ["a"] = "" }).Should().Equal("b");
    }

    [Fact]
    public void Only_values_that_say_something_new_are_passed_on()
    {
        var source = Of("variable \"a\" {}\nvariable \"b\" { default = 1 }\nvariable \"c\" { default = null }\nvariable \"d\" { default = 2 }");

        var given = source.Given([new("a", ""), new("b", "1"), new("c", ""), new("d", "3"), new("unknown", "x"), new(null, "y"), new("a2", null)]);

        given.Should().BeEquivalentTo(new Dictionary<string, string> { ["a"] = "", ["d"] = "3" });
    }

    [Fact]
    public void Locals_are_known_by_what_they_refer_to()
    {
        var source = Of("locals {\n  env = [\"T=${coder_agent.main.token}\", local.other, module.m[0].out]\n}");

        source.Locals.Should().ContainKey("env").WhoseValue.Should().Contain(["coder_agent.main.token", "local.other"]);
    }

    [Theory]
    [InlineData("terraform {\n  required_version = \">= 1.5\"\n}", null)]
    [InlineData("terraform {\n  backend \"s3\" {}\n}", "s3")]
    [InlineData("terraform {\n  cloud {\n    organization = \"x\"\n  }\n}", "cloud")]
    [InlineData("resource \"x\" \"backend\" {\n  backend {}\n}", null)]
    public void A_template_may_keep_its_state_itself(string text, string? backend) => Of(text).Backend.Should().Be(backend);

    [Fact]
    public void A_folder_is_read_with_its_readme()
    {
        var folder = Directory.CreateTempSubdirectory("coder-cli-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "main.tf"), "variable \"a\" {}");
            File.WriteAllText(Path.Combine(folder.FullName, "x.auto.tfvars"), "b = 1");
            File.WriteAllText(Path.Combine(folder.FullName, "README.md"), "# Hello\0");
            Directory.CreateDirectory(Path.Combine(folder.FullName, "modules"));
            File.WriteAllText(Path.Combine(folder.FullName, "modules", "m.tf"), "variable \"inner\" {}");

            var source = TemplateSource.Read(folder.FullName);

            source.Variables.Select(variable => variable.Name).Should().Equal("a");
            source.Readme.Should().Be("# Hello\uFFFD");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("""{"variable":{"x":{}}}""", "string", null, true)]
    [InlineData("""{"variable":{"x":{"type":"number","default":3}}}""", "number", "3", false)]
    [InlineData("""{"variable":[{"x":{"type":"bool","default":false}}]}""", "bool", "false", false)]
    [InlineData("""{"variable":{"x":[{"default":"a \"b\"\n\ud83d\ude00\/"}]}}""", "string", "a \"b\"\n😀/", false)]
    [InlineData("""[{"variable":{"//":"one","x":{"default":null}}}]""", "string", null, false)]
    [InlineData("""{"variable":{"x":{"type":"list(string)","default":["a"]}}}""", "string", "[\"a\"]", false)]
    public void Variables_may_be_written_in_JSON(string text, string type, string? value, bool required)
    {
        var source = Read(("main.tf.json", text));

        source.Variables.Should().Equal(new VariableJson("x", "", type, value, required, Sensitive: false));
    }

    [Fact]
    public void All_that_is_read_may_be_written_in_JSON()
    {
        var source = Read(
            ("main.tf.json", """
                {
                  "//": "for people",
                  "terraform": [{"required_version": ">= 1.9"}, {"backend": {"s3": {"bucket": "b"}}}],
                  "variable": {"token": {"description": "What opens the door.", "sensitive": true}, "given": {}, "set": {}},
                  "locals": {"//": "x", "env": ["T=${coder_agent.main.token}"]}
                }
                """),
            ("terraform.tfvars.json", """{"given": 1}"""),
            ("x.auto.tfvars.json", """{"set": [1]}"""),
            ("package.json", """{"variable":{"no":{}}}"""));

        source.Variables.Should().ContainSingle().Which.Should().BeEquivalentTo(
            new { Name = "token", Description = "What opens the door.", Sensitive = true });
        source.Locals.Keys.Should().Equal("env");
        source.Locals["env"].Should().Equal("coder_agent.main.token");
        source.Backend.Should().Be("s3");
    }

    [Theory]
    [InlineData("""{"terraform":{"cloud":{"organization":"x"}}}""", "cloud")]
    [InlineData("""{"terraform":{"backend":{"local":{}}}}""", "local")]
    [InlineData("""{"resource":{"terraform":{"backend":{"local":{}}}}}""", null)]
    public void A_template_in_JSON_may_keep_its_state_itself(string text, string? backend) =>
        Read(("main.tf.json", text)).Backend.Should().Be(backend);

    [Theory]
    [InlineData("{")]
    [InlineData("[1, \"a\", null]")]
    [InlineData("{\"variable\": 3, \"locals\": \"x\", \"terraform\": null}")]
    [InlineData("{\"variable\": {\"x\": {\"default\": \"\\ud800\"}}}")]
    public void What_is_no_Terraform_in_JSON_is_left_to_Terraform(string text)
    {
        var source = Read(("bad.tf.json", text), ("main.tf", "variable \"a\" {}"));

        source.Variables.Select(variable => variable.Name).Should().Equal("a");
    }

    private static TemplateSource Read(params (string Name, string Text)[] files)
    {
        var folder = Directory.CreateTempSubdirectory("coder-cli-");
        try
        {
            foreach (var (name, text) in files)
            {
                File.WriteAllText(Path.Combine(folder.FullName, name), text);
            }

            return TemplateSource.Read(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static TemplateSource Of(string text) => TemplateSource.Of([text], []);
}
