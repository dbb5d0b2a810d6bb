using Coder.Cli.Provisionerd.Terraform;

namespace Coder.Cli.Tests.Provisionerd.Terraform;

public sealed class TerraformLogTests
{
    [Theory]
    [InlineData("""{"@level":"info","@message":"Apply complete!","type":"change_summary"}""", "info: Apply complete!")]
    [InlineData("""{"@level":"warn","@message":"Old"}""", "warn: Old")]
    [InlineData("""{"@level":"loud","@message":"Who knows"}""", "info: Who knows")]
    [InlineData("""{"@message":"No level"}""", "info: No level")]
    [InlineData("""{"type":"nothing"}""", "")]
    [InlineData("Initializing the backend...", "info: Initializing the backend...")]
    [InlineData("[1]", "info: [1]")]
    [InlineData("  ", "")]
    public void A_line_is_its_message_and_level(string line, string expected)
    {
        var read = TerraformLog.Read(line, out var problem);

        string.Join('|', read.Select(l => $"{l.Level}: {l.Output}")).Should().Be(expected);
        problem.Should().BeNull();
    }

    [Fact]
    public void An_error_says_where_and_why_and_is_the_reason_of_the_failure()
    {
        var read = TerraformLog.Read(
            """
            {"@level":"error","@message":"Error: Unsupported argument","type":"diagnostic","diagnostic":{"severity":"error",
            "summary":"Unsupported argument","detail":"An argument named \"x\" is not expected here.\n\nDid you mean \"y\"?",
            "range":{"filename":"main.tf","start":{"line":7,"column":3,"byte":1},"end":{"line":7,"column":4,"byte":2}}}}
            """,
            out var problem);

        read.Should().OnlyContain(line => line.Level == "error");
        read.Select(line => line.Output).Should().Equal(
            "Error: Unsupported argument",
            "  An argument named \"x\" is not expected here.",
            "  Did you mean \"y\"?",
            "  on main.tf line 7");
        problem.Should().Be("Unsupported argument: An argument named \"x\" is not expected here. Did you mean \"y\"?");
    }

    [Fact]
    public void A_warning_is_no_reason_of_a_failure()
    {
        TerraformLog.Read(
            """{"@level":"warn","@message":"Warning: Old","diagnostic":{"severity":"warning","summary":"Old","detail":""}}""", out var problem);

        problem.Should().BeNull();
    }
}
