using Coder.Cli.Provisionerd.Terraform;

namespace Coder.Cli.Tests.Provisionerd.Terraform;

public sealed class HclReaderTests
{
    [Fact]
    public void Blocks_and_attributes_are_told_apart_whatever_stands_between_them()
    {
        var body = HclReader.Read("""
            # a comment
            terraform { required_version = ">= 1.5" }
            /* another
               one */
            variable "region" {
              type        = string // of a place
              default     = "eu"
              validation {
                condition     = contains(["eu", "us"], var.region)
                error_message = "No { such } place: ${var.region == "x" ? "}" : "\"{"}."
              }
            }
            locals {
              script = <<-EOT
                echo "variable \"fake\" {"
                EOT
              many = {
                a = [1, 2] # }
                b = "$${no} 100%%"
              }
            }
            resource terraform_data "dev" {}
            """);

        body!.Blocks.Select(block => $"{block.Type} {string.Join(' ', block.Labels)}".Trim())
            .Should().Equal("terraform", "variable region", "locals", "resource terraform_data dev");
        body.Blocks[1].Body.Attributes.Select(a => a.Name).Should().Equal("type", "default");
        body.Blocks[1].Body.Expression("type").Should().Be("string");
        body.Blocks[1].Body.Blocks.Should().ContainSingle().Which.Body.Expression("condition").Should().StartWith("contains(").And.EndWith(")");
        body.Blocks[2].Body.Attributes.Select(a => a.Name).Should().Equal("script", "many");
    }

    [Theory]
    [InlineData("variable \"x\" {")]
    [InlineData("variable \"x\" }")]
    [InlineData("x = \"open")]
    [InlineData("x = [1, 2")]
    [InlineData("x = ")]
    [InlineData("x = <<EOT\nnever ends\n")]
    [InlineData("/* never ends")]
    [InlineData("}")]
    [InlineData("{\"json\": true}")]
    public void What_is_not_the_language_is_not_read(string text) => HclReader.Read(text).Should().BeNull();

    [Fact]
    public void Deep_nesting_is_not_followed_for_ever()
    {
        var text = string.Concat(Enumerable.Repeat("a {\n", 100_000));

        HclReader.Read(text).Should().BeNull();
        HclReader.Read($"x = {string.Concat(Enumerable.Repeat("\"${", 100_000))}").Should().BeNull();
    }

    [Theory]
    [InlineData("\"eu\"", "eu")]
    [InlineData("\"\"", "")]
    [InlineData("\"a \\\"b\\\"\\n\\u00e9\"", "a \"b\"\né")]
    [InlineData("\"$${x} %%{y} 5$ 100%\"", "${x} %{y} 5$ 100%")]
    [InlineData("12.5", "12.5")]
    [InlineData("-3", "-3")]
    [InlineData("true", "true")]
    [InlineData("<<EOT\none\n  two\nEOT", "one\n  two\n")]
    [InlineData("<<-EOT\n    one\n      two\n  EOT", "one\n  two\n")]
    [InlineData("[\"a\"]", null)]
    [InlineData("{ a = 1 }", null)]
    [InlineData("\"${var.x}\"", null)]
    [InlineData("\"a\" == \"b\"", null)]
    [InlineData("file(\"x\")", null)]
    [InlineData("null", null)]
    public void Only_what_is_written_out_has_a_value(string expression, string? value) => HclLiteral.Scalar(expression).Should().Be(value);
}
