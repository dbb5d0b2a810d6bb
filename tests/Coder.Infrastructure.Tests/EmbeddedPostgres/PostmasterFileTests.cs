using Coder.Infrastructure.EmbeddedPostgres;

namespace Coder.Infrastructure.Tests.EmbeddedPostgres;

public sealed class PostmasterFileTests
{
    [Fact]
    public void All_lines_are_read()
    {
        var file = PostmasterFile.Parse("4711\n/data\n1700000000\n5433\n/run/pg\nlocalhost\n 11657282        13\nready   \n");

        file.Should().Be(new PostmasterFile(4711, "/data", 1700000000, 5433, "/run/pg", PostmasterStatus.Ready));
    }

    [Theory]
    [InlineData("ready   ", PostmasterStatus.Ready)]
    [InlineData("starting", PostmasterStatus.Starting)]
    [InlineData("stopping", PostmasterStatus.Stopping)]
    [InlineData("standby ", PostmasterStatus.Standby)]
    [InlineData("", PostmasterStatus.Starting)]
    [InlineData("new word", PostmasterStatus.Starting)]
    public void The_last_line_is_the_status(string line, object status)
    {
        var file = PostmasterFile.Parse($"1\n/data\n1\n5432\n/run\n\n1 1\n{line}\n");

        file!.Status.Should().Be((PostmasterStatus)status);
    }

    [Theory]
    [InlineData("4711")]
    [InlineData("4711\n/data\n17")]
    public void A_file_that_is_still_being_written_is_a_postmaster_that_starts(string text)
    {
        var file = PostmasterFile.Parse(text);

        file!.ProcessId.Should().Be(4711);
        file.Status.Should().Be(PostmasterStatus.Starting);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n/data")]
    [InlineData("abc\n/data")]
    [InlineData("0\n/data")]
    [InlineData("-4711\n/data")]
    public void A_file_without_a_postmasters_id_is_none(string text) => PostmasterFile.Parse(text).Should().BeNull();

    [Fact]
    public void A_missing_file_is_none() => PostmasterFile.Read("/nowhere/at/all").Should().BeNull();

    [Fact]
    public void The_id_of_another_program_is_not_a_postmaster()
    {
        var file = new PostmasterFile(Environment.ProcessId, "/data", 1, 5432, "/run", PostmasterStatus.Ready);

        PostmasterProcess.IsAlive(file).Should().BeFalse();
    }
}
