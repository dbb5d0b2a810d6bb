using System.Globalization;
using Coder.Domain.Workspaces;

namespace Coder.Domain.Tests.Workspaces;

public sealed class WorkspaceTtlTests
{
    private const string TooShort = "time until shutdown must be at least one minute";
    private const string TooLong = "time until shutdown must be less than 30 days";
    private const long ThirtyDays = 30L * 24 * 60 * 60_000;

    [Theory]
    [InlineData(null, null)]
    [InlineData(0L, null)]
    [InlineData(60_000L, "00:01:00")]
    [InlineData(119_999L, "00:01:00")]
    [InlineData(28_800_000L, "08:00:00")]
    [InlineData(ThirtyDays, "30.00:00:00")]
    [InlineData(ThirtyDays + 59_999, "30.00:00:00")]
    public void A_time_to_live_is_cut_to_minutes(long? milliseconds, string? expected)
    {
        WorkspaceTtl.TryRead(milliseconds, out var ttl, out var problem).Should().BeTrue();

        problem.Should().BeNull();
        ttl.Should().Be(Span(expected));
    }

    [Theory]
    [InlineData(1L, TooShort)]
    [InlineData(59_999L, TooShort)]
    [InlineData(-1L, TooShort)]
    [InlineData(-60_000L, TooShort)]
    [InlineData(long.MinValue, TooShort)]
    [InlineData(ThirtyDays + 60_000, TooLong)]
    [InlineData(long.MaxValue, TooLong)]
    public void It_must_be_from_a_minute_to_30_days(long milliseconds, string expected)
    {
        WorkspaceTtl.TryRead(milliseconds, out var ttl, out var problem).Should().BeFalse();

        problem.Should().Be(expected);
        ttl.Should().BeNull();
    }

    [Theory]
    [InlineData("01:00:00", "08:00:00", "01:00:00")]
    [InlineData(null, "08:00:00", "08:00:00")]
    [InlineData(null, "00:00:00", null)]
    public void A_new_workspace_takes_the_templates_default(string? requested, string templateDefault, string? expected) =>
        WorkspaceTtl.ForCreation(Span(requested), Span(templateDefault)!.Value).Should().Be(Span(expected));

    [Theory]
    [InlineData(true, "01:00:00", "08:00:00", "01:00:00")]
    [InlineData(true, null, "08:00:00", null)]
    [InlineData(false, "01:00:00", "08:00:00", "08:00:00")]
    [InlineData(false, "01:00:00", "00:00:00", null)]
    public void The_templates_default_is_for_all_when_users_may_not_choose(bool mayChoose, string? own, string templateDefault, string? expected)
    {
        var template = new TemplateScheduling { AllowUserAutostop = mayChoose, DefaultTtl = Span(templateDefault)!.Value };

        WorkspaceTtl.Effective(Span(own), template).Should().Be(Span(expected));
    }

    private static TimeSpan? Span(string? text) => text is null ? null : TimeSpan.Parse(text, CultureInfo.InvariantCulture);
}
