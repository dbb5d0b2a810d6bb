using Coder.Domain.Common;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;

namespace Coder.Domain.Tests.Templates;

public sealed class ScheduleReadingTests
{
    private const string AtLeastAMinute = "Value must be at least one minute.";
    private const string Positive = "Must be a positive integer.";

    public static TheoryData<string, ScheduleInput> Fields { get; } = new()
    {
        { "default_ttl_ms", new ScheduleInput { DefaultTtl = -1 } },
        { "activity_bump_ms", new ScheduleInput { ActivityBump = -1 } },
        { "failure_ttl_ms", new ScheduleInput { FailureTtl = -1 } },
        { "dormant_ttl_ms", new ScheduleInput { TimeTilDormant = -1 } },
        { "delete_ttl_ms", new ScheduleInput { TimeTilDormantAutodelete = -1 } },
        { "autostop_requirement.weeks", new ScheduleInput { Autostop = new AutostopInput([], -1) } },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_negative_number_is_refused(string field, ScheduleInput input)
    {
        List<FieldError> errors = [];

        ScheduleReading.Read(input, TemplateScheduling.None, ScheduleFields.OfCreation, errors);

        errors.Should().Equal(new FieldError(field, Positive));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(59_999, false)]
    [InlineData(60_000, true)]
    public void Only_a_change_refuses_what_is_below_a_minute(long milliseconds, bool isAccepted)
    {
        var input = new ScheduleInput
        {
            FailureTtl = milliseconds,
            TimeTilDormant = milliseconds,
            TimeTilDormantAutodelete = milliseconds,
            DefaultTtl = 1,
            ActivityBump = 1,
        };
        List<FieldError> atCreation = [];
        List<FieldError> atChange = [];

        ScheduleReading.Read(input, TemplateScheduling.None, ScheduleFields.OfCreation, atCreation);
        ScheduleReading.Read(input, TemplateScheduling.None, ScheduleFields.OfChange, atChange);

        atCreation.Should().BeEmpty();
        string[] refused = isAccepted ? [] : ["failure_ttl_ms", "time_til_dormant_ms", "time_til_dormant_autodelete_ms"];
        atChange.Should().Equal(refused.Select(field => new FieldError(field, AtLeastAMinute)));
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public void There_are_at_most_16_weeks(long weeks, bool isAccepted)
    {
        List<FieldError> errors = [];

        var read = ScheduleReading.Read(
            new ScheduleInput { Autostop = new AutostopInput(["monday"], weeks) }, TemplateScheduling.None, ScheduleFields.OfChange, errors);

        errors.Should().HaveCount(isAccepted ? 0 : 1);
        read.AutostopDays.Should().Be(Weekdays.Monday);
    }

    [Fact]
    public void A_duration_that_does_not_fit_is_refused()
    {
        List<FieldError> errors = [];

        ScheduleReading.Read(
            new ScheduleInput { DefaultTtl = TemplateRules.MaximumMilliseconds + 1 }, TemplateScheduling.None, ScheduleFields.OfCreation, errors);

        errors.Should().ContainSingle().Which.Field.Should().Be("default_ttl_ms");
    }

    [Fact]
    public void A_word_that_is_no_day_is_refused()
    {
        List<FieldError> errors = [];

        ScheduleReading.Read(
            new ScheduleInput { AutostartDays = ["friday", "Friday"] }, TemplateScheduling.None, ScheduleFields.OfChange, errors);

        errors.Should().Equal(new FieldError("autostart_requirement.days_of_week", "\"Friday\" is not a day of the week."));
    }

    [Fact]
    public void Requirements_that_are_left_out_stay()
    {
        var before = TemplateScheduling.None with { AutostartDays = Weekdays.Friday, AutostopDays = Weekdays.Sunday, AutostopWeeks = 3 };

        var read = ScheduleReading.Read(new ScheduleInput { DefaultTtl = 1000 }, before, ScheduleFields.OfChange, []);

        read.Should().Be(before with
        {
            DefaultTtl = TimeSpan.FromSeconds(1),
            AllowUserAutostart = false,
            AllowUserAutostop = false,
            ActivityBump = TimeSpan.Zero,
        });
    }
}
