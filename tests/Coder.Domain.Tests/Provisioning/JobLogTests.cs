using Coder.Domain.Provisioning;
using CsCheck;

namespace Coder.Domain.Tests.Provisioning;

public sealed class JobLogTests
{
    private static readonly DateTimeOffset Now = new(2025, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] Characters = ["a", "ß", "漢", "😀"];

    [Theory]
    [InlineData(0, new[] { 0 })]
    [InlineData(1, new[] { 1 })]
    [InlineData(1024, new[] { 1024 })]
    [InlineData(1025, new[] { 1024, 1 })]
    [InlineData(2048, new[] { 1024, 1024 })]
    [InlineData(3000, new[] { 1024, 1024, 952 })]
    public void A_line_is_split_after_1024_characters(int length, int[] pieces) =>
        JobLog.Split(new string('x', length)).Select(piece => piece.Length).Should().Equal(pieces);

    [Fact]
    public void A_character_of_two_units_is_never_torn()
    {
        var text = new string('x', 1023) + "😀" + new string('y', 1023) + "😀";

        var pieces = JobLog.Split(text).ToList();

        pieces.Select(piece => piece.Length).Should().Equal(1023, 1024, 3);
        pieces[1].Should().StartWith("😀y");
        string.Concat(pieces).Should().Be(text);
    }

    [Fact]
    public void Pieces_are_short_whole_and_together_the_text() =>
        Gen.Int[0, 3].Select(i => Characters[i]).Array[0, 4000].Select(string.Concat).Sample(text =>
        {
            var pieces = JobLog.Split(text).ToList();
            return string.Concat(pieces) == text
                && pieces.TrueForAll(piece => piece.Length <= JobLog.MaximumOutput)
                && !pieces.Exists(piece => piece.Length > 0 && char.IsLowSurrogate(piece[0]));
        }, iter: 200);

    [Fact]
    public void Lines_are_stored_in_order_and_counted_in_bytes()
    {
        var append = JobLog.Append(10, false, [Line("é"), Line(new string('x', 1500))]);

        append.Lines.Select(line => line.Output.Length).Should().Equal(1, 1024, 476);
        append.Lines.Should().OnlyContain(line => line.Level == LogLevel.Info && line.Stage == "Planning");
        (append.Length, append.Overflowed).Should().Be((10 + 2 + 1500, false));
    }

    [Fact]
    public void Empty_lines_come_to_an_end_too()
    {
        var append = JobLog.Append(JobLog.MaximumLength - 2, false, [Line(""), Line(""), Line("")]);

        append.Lines.Should().HaveCount(3);
        append.Lines[2].Output.Should().Be(JobLog.OverflowText);
        append.Overflowed.Should().BeTrue();
    }

    [Fact]
    public void What_no_database_can_hold_is_replaced()
    {
        var append = JobLog.Append(0, false, [Line("a\0b") with { Stage = "\0" }]);

        append.Lines.Should().Equal(Line("a\uFFFDb") with { Stage = "\uFFFD" });
    }

    [Theory]
    [InlineData(JobLog.MaximumLength - 6, false)]
    [InlineData(JobLog.MaximumLength - 5, false)]
    [InlineData(JobLog.MaximumLength - 4, true)]
    public void The_log_is_full_when_a_line_does_not_fit_anymore(int length, bool overflows)
    {
        var append = JobLog.Append(length, false, [Line("12345")]);

        append.Overflowed.Should().Be(overflows);
        append.Length.Should().Be(overflows ? length : length + 5);
    }

    [Fact]
    public void A_full_log_gets_one_warning_and_nothing_after_it()
    {
        var append = JobLog.Append(JobLog.MaximumLength - 3, false, [Line("abc"), Line("d"), Line("")]);

        append.Lines.Should().Equal(
            Line("abc"),
            new JobLogLine(
                Now,
                LogSource.ProvisionerDaemon,
                LogLevel.Warn,
                "Planning",
                "Provisioner logs exceeded the max size of 1MB. Will not continue to write provisioner logs for workspace build."));
        append.Length.Should().Be(JobLog.MaximumLength);
        JobLog.Append(append.Length, append.Overflowed, [Line("more")])
            .Should().BeEquivalentTo(new JobLogAppend([], JobLog.MaximumLength, true));
    }

    [Fact]
    public void A_stage_of_more_than_128_characters_is_cut()
    {
        var append = JobLog.Append(0, false, [Line("x") with { Stage = new string('s', 127) + "😀" }]);

        append.Lines[0].Stage.Should().Be(new string('s', 127));
    }

    private static JobLogLine Line(string output) => new(Now, LogSource.Provisioner, LogLevel.Info, "Planning", output);
}
