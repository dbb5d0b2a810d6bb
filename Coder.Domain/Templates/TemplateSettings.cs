using Coder.Domain.Common;
using Coder.Domain.Workspaces;

namespace Coder.Domain.Templates;

/// <summary>The schedule of a template as clients write it: durations in milliseconds, days by their names.</summary>
public sealed record ScheduleInput
{
    /// <summary>0: workspaces run until somebody stops them.</summary>
    public long DefaultTtl { get; init; }

    /// <summary>0: usage does not push the deadline.</summary>
    public long ActivityBump { get; init; }

    /// <inheritdoc cref="TemplateScheduling.AllowUserAutostart"/>
    public bool AllowUserAutostart { get; init; }

    /// <inheritdoc cref="TemplateScheduling.AllowUserAutostop"/>
    public bool AllowUserAutostop { get; init; }

    /// <summary>0: never.</summary>
    public long FailureTtl { get; init; }

    /// <summary>0: never.</summary>
    public long TimeTilDormant { get; init; }

    /// <summary>0: never.</summary>
    public long TimeTilDormantAutodelete { get; init; }

    /// <summary><see langword="null"/> leaves the days as they are.</summary>
    public IReadOnlyList<string>? AutostartDays { get; init; }

    /// <summary><see langword="null"/> leaves the requirement as it is.</summary>
    public AutostopInput? Autostop { get; init; }
}

/// <summary>When all workspaces must be stopped.</summary>
/// <param name="Days">By their names.</param>
/// <param name="Weeks">Every how many weeks, see <see cref="TemplateScheduling.AutostopWeeks"/>.</param>
public sealed record AutostopInput(IReadOnlyList<string> Days, long Weeks);

/// <summary>The names that the durations have on the wire, which are others at the creation of a template.</summary>
/// <param name="TimeTilDormant">Of <see cref="ScheduleInput.TimeTilDormant"/>.</param>
/// <param name="TimeTilDormantAutodelete">Of <see cref="ScheduleInput.TimeTilDormantAutodelete"/>.</param>
/// <param name="ShortestMilliseconds">What is above 0 and below this is refused where a background job measures it.</param>
public sealed record ScheduleFields(string TimeTilDormant, string TimeTilDormantAutodelete, long ShortestMilliseconds)
{
    /// <summary>At the creation of a template; times below a minute are accepted there.</summary>
    public static ScheduleFields OfCreation { get; } = new("dormant_ttl_ms", "delete_ttl_ms", 0);

    /// <summary>At a change.</summary>
    public static ScheduleFields OfChange { get; } = new("time_til_dormant_ms", "time_til_dormant_autodelete_ms", 60_000);
}

/// <summary>Reads what clients write about the schedule of a template (docs/spec/workspaces.md, section 6).</summary>
public static class ScheduleReading
{
    /// <summary>Reads a schedule.</summary>
    /// <param name="input">What the client wrote.</param>
    /// <param name="before">What is kept where nothing is said.</param>
    /// <param name="fields">How the fields are called.</param>
    /// <param name="errors">Gets an error for each field that is wrong.</param>
    public static TemplateScheduling Read(
        ScheduleInput input, TemplateScheduling before, ScheduleFields fields, ICollection<FieldError> errors)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentNullException.ThrowIfNull(errors);
        var scheduling = before with
        {
            DefaultTtl = Duration(input.DefaultTtl, "default_ttl_ms", 0, errors),
            ActivityBump = Duration(input.ActivityBump, "activity_bump_ms", 0, errors),
            AllowUserAutostart = input.AllowUserAutostart,
            AllowUserAutostop = input.AllowUserAutostop,
            FailureTtl = Duration(input.FailureTtl, "failure_ttl_ms", fields.ShortestMilliseconds, errors),
            TimeTilDormant = Duration(input.TimeTilDormant, fields.TimeTilDormant, fields.ShortestMilliseconds, errors),
            TimeTilDormantAutodelete =
                Duration(input.TimeTilDormantAutodelete, fields.TimeTilDormantAutodelete, fields.ShortestMilliseconds, errors),
        };
        if (input.AutostartDays is { } autostart)
        {
            scheduling = scheduling with { AutostartDays = Days(autostart, "autostart_requirement.days_of_week", errors) };
        }

        return input.Autostop is not { } autostop ? scheduling : scheduling with
        {
            AutostopDays = Days(autostop.Days, "autostop_requirement.days_of_week", errors),
            AutostopWeeks = Weeks(autostop.Weeks, before.AutostopWeeks, errors),
        };
    }

    private static TimeSpan Duration(long milliseconds, string field, long shortest, ICollection<FieldError> errors)
    {
        var problem = milliseconds switch
        {
            < 0 => "Must be a positive integer.",
            > TemplateRules.MaximumMilliseconds => $"Must be at most {TemplateRules.MaximumMilliseconds}.",
            > 0 when milliseconds < shortest => "Value must be at least one minute.",
            _ => null,
        };
        if (problem is null)
        {
            return TimeSpan.FromMilliseconds(milliseconds);
        }

        errors.Add(new FieldError(field, problem));
        return TimeSpan.Zero;
    }

    private static Weekdays Days(IReadOnlyList<string> names, string field, ICollection<FieldError> errors)
    {
        if (!WeekdaySets.TryParse(names, out var days, out var unknown))
        {
            errors.Add(new FieldError(field, $"\"{unknown}\" is not a day of the week."));
        }

        return days;
    }

    private static int Weeks(long weeks, int before, ICollection<FieldError> errors)
    {
        const string Field = "autostop_requirement.weeks";
        switch (weeks)
        {
            case < 0:
                errors.Add(new FieldError(Field, "Must be a positive integer."));
                return 0;
            case > TemplateRules.MaximumWeeks:
                errors.Add(new FieldError(Field, $"Must be at most {TemplateRules.MaximumWeeks} weeks."));
                return 0;
            default:
                // None is the same as one, and shown as one: what comes back from there is no change.
                return Math.Max(weeks, 1) == Math.Max(before, 1) ? before : (int)weeks;
        }
    }
}
