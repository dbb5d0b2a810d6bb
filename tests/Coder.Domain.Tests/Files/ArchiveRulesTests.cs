using Coder.Domain.Common;
using Coder.Domain.Files;

namespace Coder.Domain.Tests.Files;

public sealed class ArchiveRulesTests
{
    [Theory]
    [InlineData("main.tf")]
    [InlineData("./main.tf")]
    [InlineData("modules/a/main.tf")]
    [InlineData("..main.tf")]
    [InlineData("a..b/...")]
    [InlineData("folder/")]
    [InlineData("./")]
    public void A_path_inside_the_archive_is_fine(string path) => ArchiveRules.JudgePath(path).Should().BeNull();

    [Theory]
    [InlineData("/etc/passwd", "\"/etc/passwd\" is an absolute path.")]
    [InlineData("\\windows", "\"\\windows\" is an absolute path.")]
    [InlineData("C:\\windows", "\"C:\\windows\" is an absolute path.")]
    [InlineData("c:main.tf", "\"c:main.tf\" is an absolute path.")]
    [InlineData("..", "\"..\" leads out of the archive.")]
    [InlineData("../main.tf", "\"../main.tf\" leads out of the archive.")]
    [InlineData("a/../../main.tf", "\"a/../../main.tf\" leads out of the archive.")]
    [InlineData("a\\..\\main.tf", "\"a\\..\\main.tf\" leads out of the archive.")]
    [InlineData("a/..", "\"a/..\" leads out of the archive.")]
    [InlineData("", "\"\" is no path.")]
    public void A_path_that_leads_elsewhere_is_refused(string path, string detail) =>
        ArchiveRules.JudgePath(path).Should().Be(new Error(ErrorKind.Invalid, "The archive can not be accepted.", detail));

    [Fact]
    public void A_path_has_at_most_4096_characters_and_no_NUL_and_is_not_repeated_as_a_whole()
    {
        ArchiveRules.JudgePath(new string('a', 4096)).Should().BeNull();
        ArchiveRules.JudgePath("a\0b").Should().NotBeNull();
        ArchiveRules.JudgePath(new string('a', 4097))!.Detail.Should().HaveLength("\"…\" is no path.".Length + 200);
    }

    [Theory]
    [InlineData("./main.tf", "main.tf")]
    [InlineData("a/./b//c/", "a/b/c")]
    [InlineData("./", "")]
    [InlineData("main.tf", "main.tf")]
    public void Steps_that_lead_nowhere_are_left_out(string path, string plain) => ArchiveRules.Plain(path).Should().Be(plain);
}
