using System.Text.Json.Serialization;
using Coder.Api.Swagger;
using Coder.Application.Templates;
using Coder.Domain.Provisioning;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;

namespace Coder.Api.Templates;

/// <summary>What workspaces are made from. What the license does not give is shown as if it had not been set.</summary>
public sealed record TemplateJson
{
    /// <summary>Never changes.</summary>
    public required Guid Id { get; init; }

    /// <summary>When the template was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When anything of it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The organization that it belongs to.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>The name of the organization.</summary>
    public required string OrganizationName { get; init; }

    /// <summary>The name of the organization for people.</summary>
    public required string OrganizationDisplayName { get; init; }

    /// <summary>The picture of the organization; may be empty.</summary>
    public required string OrganizationIcon { get; init; }

    /// <summary>Unique in its organization without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>The name for people; may be empty.</summary>
    public required string DisplayName { get; init; }

    /// <summary>What its first version was made for; the archive of a version decides what runs its jobs.</summary>
    [WireNames(typeof(ProvisionerType))]
    public required string Provisioner { get; init; }

    /// <summary>The version of new workspaces.</summary>
    public required Guid ActiveVersionId { get; init; }

    /// <summary>How many people have used its workspaces within the last 30 days.</summary>
    public required int ActiveUserCount { get; init; }

    /// <summary>How long builds of the last 30 days took, by transition: start, stop, delete.</summary>
    public required IReadOnlyDictionary<string, TransitionStatsJson> BuildTimeStats { get; init; }

    /// <summary>May be empty.</summary>
    public required string Description { get; init; }

    /// <summary>Whether no new workspaces can be made of it.</summary>
    public required bool Deprecated { get; init; }

    /// <summary>Why not; empty when it is not deprecated.</summary>
    public required string DeprecationMessage { get; init; }

    /// <summary>A picture; may be empty.</summary>
    public required string Icon { get; init; }

    /// <summary>How long new workspaces run after a start, in milliseconds; 0: until somebody stops them.</summary>
    public required long DefaultTtlMs { get; init; }

    /// <summary>How far usage pushes the deadline, in milliseconds.</summary>
    public required long ActivityBumpMs { get; init; }

    /// <summary>On which days all workspaces must be stopped.</summary>
    public required AutostopRequirementJson AutostopRequirement { get; init; }

    /// <summary>On which days schedules start workspaces.</summary>
    public required AutostartRequirementJson AutostartRequirement { get; init; }

    /// <summary>Who made the template.</summary>
    public required Guid CreatedById { get; init; }

    /// <summary>The username of who made it.</summary>
    public required string CreatedByName { get; init; }

    /// <summary>Whether users may have a schedule.</summary>
    public required bool AllowUserAutostart { get; init; }

    /// <summary>Whether users may choose how long their workspaces run.</summary>
    public required bool AllowUserAutostop { get; init; }

    /// <summary>Whether members may cancel builds that a daemon works on.</summary>
    public required bool AllowUserCancelWorkspaceJobs { get; init; }

    /// <summary>How long after a failed start a workspace is stopped, in milliseconds; 0: never.</summary>
    public required long FailureTtlMs { get; init; }

    /// <summary>How long nobody may use a workspace before it becomes dormant, in milliseconds; 0: for ever.</summary>
    public required long TimeTilDormantMs { get; init; }

    /// <summary>How long a workspace may be dormant before it is deleted, in milliseconds; 0: for ever.</summary>
    public required long TimeTilDormantAutodeleteMs { get; init; }

    /// <summary>Whether workspaces must be built from the active version.</summary>
    public required bool RequireActiveVersion { get; init; }

    /// <summary>With whom at most ports of its workspaces are shared.</summary>
    [WireNames(typeof(AppSharingLevel))]
    public required string MaxPortShareLevel { get; init; }

    /// <summary>Whether forms ask for parameters once, instead of evaluating them anew at every input.</summary>
    public required bool UseClassicParameterFlow { get; init; }

    /// <summary>Who decides about requests between origins to apps of a workspace: the server, or the app.</summary>
    [WireNames(typeof(CorsBehavior))]
    public required string CorsBehavior { get; init; }

    internal static TemplateJson From(TemplateView view)
    {
        var template = view.Template;
        var scheduling = template.Scheduling;
        return new TemplateJson
        {
            Id = template.Id,
            CreatedAt = template.CreatedAt,
            UpdatedAt = template.UpdatedAt,
            OrganizationId = template.OrganizationId,
            OrganizationName = view.OrganizationName,
            OrganizationDisplayName = view.OrganizationDisplayName,
            OrganizationIcon = view.OrganizationIcon,
            Name = template.Name,
            DisplayName = template.DisplayName,
            Provisioner = template.Provisioner.WireName(),
            ActiveVersionId = template.ActiveVersionId,
            ActiveUserCount = view.ActiveUsers,
            BuildTimeStats = Enum.GetValues<WorkspaceTransition>().ToDictionary(
                transition => transition.WireName(),
                transition => TransitionStatsJson.From(view.BuildTimes.GetValueOrDefault(transition)),
                StringComparer.Ordinal),
            Description = template.Description,
            Deprecated = template.Deprecated.Length > 0,
            DeprecationMessage = template.Deprecated,
            Icon = template.Icon,
            DefaultTtlMs = Milliseconds(scheduling.DefaultTtl),
            ActivityBumpMs = Milliseconds(scheduling.ActivityBump),
            AutostopRequirement = new AutostopRequirementJson(scheduling.AutostopDays.WireNames(), Math.Max(1, scheduling.AutostopWeeks)),
            AutostartRequirement = new AutostartRequirementJson(scheduling.AutostartDays.WireNames()),
            CreatedById = template.CreatedBy,
            CreatedByName = view.CreatedByName,
            AllowUserAutostart = scheduling.AllowUserAutostart,
            AllowUserAutostop = scheduling.AllowUserAutostop,
            AllowUserCancelWorkspaceJobs = template.AllowUserCancelWorkspaceJobs,
            FailureTtlMs = Milliseconds(scheduling.FailureTtl),
            TimeTilDormantMs = Milliseconds(scheduling.TimeTilDormant),
            TimeTilDormantAutodeleteMs = Milliseconds(scheduling.TimeTilDormantAutodelete),
            RequireActiveVersion = template.RequireActiveVersion,
            MaxPortShareLevel = template.MaxPortSharingLevel.WireName(),
            UseClassicParameterFlow = template.UseClassicParameterFlow,
            CorsBehavior = template.CorsBehavior.WireName(),
        };
    }

    private static long Milliseconds(TimeSpan duration) => duration.Ticks / TimeSpan.TicksPerMillisecond;
}

/// <summary>How long builds took.</summary>
/// <param name="P50">As long as at most half of them, in milliseconds; null when there were none.</param>
/// <param name="P95">As long as at most 95 % of them, in milliseconds; null when there were none.</param>
public sealed record TransitionStatsJson(
    [property: JsonPropertyName("P50")] long? P50, [property: JsonPropertyName("P95")] long? P95)
{
    internal static TransitionStatsJson From(BuildTimes? times) =>
        new((long?)times?.Median.TotalMilliseconds, (long?)times?.Slow.TotalMilliseconds);
}

/// <summary>The days on one of which every workspace must be stopped.</summary>
/// <param name="DaysOfWeek">Empty: there is no such requirement.</param>
/// <param name="Weeks">Every how many weeks these days count, at most 16.</param>
public sealed record AutostopRequirementJson([property: WireNames(typeof(Weekdays))] IReadOnlyList<string>? DaysOfWeek, long? Weeks);

/// <summary>The days on which schedules start workspaces.</summary>
/// <param name="DaysOfWeek">In the zone of the schedule.</param>
public sealed record AutostartRequirementJson([property: WireNames(typeof(Weekdays))] IReadOnlyList<string>? DaysOfWeek);
