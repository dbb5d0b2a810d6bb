using System.ComponentModel.DataAnnotations;
using Coder.Api.Swagger;
using Coder.Application.Templates;
using Coder.Domain.Templates;

namespace Coder.Api.Templates;

/// <summary>Makes a template.</summary>
public sealed record CreateTemplateRequestJson
{
    private const long OneHour = 3_600_000;

    /// <summary>1 to 32 letters, digits and single hyphens; unique in the organization without regard to case.</summary>
    [Required]
    public string? Name { get; init; }

    /// <summary>A version that belongs to no template; its import may still be under way.</summary>
    [Required]
    public Guid? TemplateVersionId { get; init; }

    /// <summary>The name for people; at most 64 characters.</summary>
    public string? DisplayName { get; init; }

    /// <summary>At most 127 characters.</summary>
    public string? Description { get; init; }

    /// <summary>A picture.</summary>
    public string? Icon { get; init; }

    /// <summary>How long new workspaces run after a start, in milliseconds; 0 or left out: until somebody stops them.</summary>
    public long? DefaultTtlMs { get; init; }

    /// <summary>How far usage pushes the deadline, in milliseconds; one hour when left out.</summary>
    public long? ActivityBumpMs { get; init; }

    /// <summary>On which days all workspaces must be stopped; takes the feature advanced_template_scheduling.</summary>
    public AutostopRequirementJson? AutostopRequirement { get; init; }

    /// <summary>On which days schedules start workspaces, all when left out; takes the feature advanced_template_scheduling.</summary>
    public AutostartRequirementJson? AutostartRequirement { get; init; }

    /// <summary>Whether members may cancel builds that a daemon works on; they may not when it is left out.</summary>
    public bool? AllowUserCancelWorkspaceJobs { get; init; }

    /// <summary>
    /// Whether users may have a schedule, which they may when it is left out; takes the feature advanced_template_scheduling.
    /// </summary>
    public bool? AllowUserAutostart { get; init; }

    /// <summary>
    /// Whether users may choose how long their workspaces run, which they may when it is left out; takes the feature
    /// advanced_template_scheduling.
    /// </summary>
    public bool? AllowUserAutostop { get; init; }

    /// <summary>
    /// How long after a failed start a workspace is stopped, in milliseconds; takes the feature advanced_template_scheduling.
    /// </summary>
    public long? FailureTtlMs { get; init; }

    /// <summary>
    /// How long nobody may use a workspace before it becomes dormant, in milliseconds; takes the feature advanced_template_scheduling.
    /// </summary>
    public long? DormantTtlMs { get; init; }

    /// <summary>
    /// How long a workspace may be dormant before it is deleted, in milliseconds; takes the feature advanced_template_scheduling.
    /// </summary>
    public long? DeleteTtlMs { get; init; }

    /// <summary>Whether nobody gets access who is not named later; else everybody in the organization may use the template.</summary>
    public bool? DisableEveryoneGroupAccess { get; init; }

    /// <summary>Whether workspaces must be built from the active version; takes the feature access_control.</summary>
    public bool? RequireActiveVersion { get; init; }

    /// <summary>With whom at most ports of its workspaces are shared; takes the feature control_shared_ports.</summary>
    [WireNames(typeof(AppSharingLevel))]
    public string? MaxPortShareLevel { get; init; }

    /// <summary>Whether forms ask for parameters once; true when left out.</summary>
    public bool? TemplateUseClassicParameterFlow { get; init; }

    /// <summary>Who decides about requests between origins to apps of a workspace.</summary>
    [WireNames(typeof(CorsBehavior))]
    public string? CorsBehavior { get; init; }

    internal NewTemplate ToTemplate() => new()
    {
        Name = Name ?? "",
        VersionId = TemplateVersionId ?? Guid.Empty,
        DisplayName = DisplayName ?? "",
        Description = Description ?? "",
        Icon = Icon ?? "",
        AllowUserCancelWorkspaceJobs = AllowUserCancelWorkspaceJobs ?? false,
        Schedule = new ScheduleInput
        {
            DefaultTtl = DefaultTtlMs ?? 0,
            ActivityBump = ActivityBumpMs ?? OneHour,
            AllowUserAutostart = AllowUserAutostart ?? true,
            AllowUserAutostop = AllowUserAutostop ?? true,
            FailureTtl = FailureTtlMs ?? 0,
            TimeTilDormant = DormantTtlMs ?? 0,
            TimeTilDormantAutodelete = DeleteTtlMs ?? 0,
            AutostartDays = AutostartRequirement?.DaysOfWeek,
            Autostop = AutostopRequirement.ToInput(),
        },
        DisableEveryoneGroupAccess = DisableEveryoneGroupAccess ?? false,
        RequireActiveVersion = RequireActiveVersion ?? false,
        MaxPortSharingLevel = MaxPortShareLevel ?? "",
        CorsBehavior = CorsBehavior ?? "",
        UseClassicParameterFlow = TemplateUseClassicParameterFlow ?? true,
    };
}

/// <summary>Changes a template. A switch or a duration that is left out means false or 0; everything else stays as it is.</summary>
public sealed record UpdateTemplateRequestJson
{
    /// <summary>1 to 32 letters, digits and single hyphens; empty leaves it too.</summary>
    public string? Name { get; init; }

    /// <summary>The name for people; at most 64 characters.</summary>
    public string? DisplayName { get; init; }

    /// <summary>At most 127 characters.</summary>
    public string? Description { get; init; }

    /// <summary>A picture.</summary>
    public string? Icon { get; init; }

    /// <summary>How long new workspaces run after a start, in milliseconds.</summary>
    public long? DefaultTtlMs { get; init; }

    /// <summary>How far usage pushes the deadline, in milliseconds.</summary>
    public long? ActivityBumpMs { get; init; }

    /// <summary>On which days all workspaces must be stopped; takes the feature advanced_template_scheduling.</summary>
    public AutostopRequirementJson? AutostopRequirement { get; init; }

    /// <summary>On which days schedules start workspaces; takes the feature advanced_template_scheduling.</summary>
    public AutostartRequirementJson? AutostartRequirement { get; init; }

    /// <summary>Whether users may have a schedule; takes the feature advanced_template_scheduling.</summary>
    public bool? AllowUserAutostart { get; init; }

    /// <summary>Whether users may choose how long their workspaces run; takes the feature advanced_template_scheduling.</summary>
    public bool? AllowUserAutostop { get; init; }

    /// <summary>Whether members may cancel builds that a daemon works on.</summary>
    public bool? AllowUserCancelWorkspaceJobs { get; init; }

    /// <summary>
    /// How long after a failed start a workspace is stopped, in milliseconds, at least a minute; takes the feature
    /// advanced_template_scheduling.
    /// </summary>
    public long? FailureTtlMs { get; init; }

    /// <summary>
    /// How long nobody may use a workspace before it becomes dormant, in milliseconds, at least a minute; takes the feature
    /// advanced_template_scheduling.
    /// </summary>
    public long? TimeTilDormantMs { get; init; }

    /// <summary>
    /// How long a workspace may be dormant before it is deleted, in milliseconds, at least a minute; takes the feature
    /// advanced_template_scheduling.
    /// </summary>
    public long? TimeTilDormantAutodeleteMs { get; init; }

    /// <summary>All workspaces of people count as used now.</summary>
    public bool? UpdateWorkspaceLastUsedAt { get; init; }

    /// <summary>All dormant workspaces of people count as dormant since now.</summary>
    public bool? UpdateWorkspaceDormantAt { get; init; }

    /// <summary>Whether workspaces must be built from the active version; takes the feature access_control.</summary>
    public bool? RequireActiveVersion { get; init; }

    /// <summary>Why no new workspaces can be made; empty: they can. Takes the feature access_control.</summary>
    public string? DeprecationMessage { get; init; }

    /// <summary>Takes the access away that everybody in the organization has.</summary>
    public bool? DisableEveryoneGroupAccess { get; init; }

    /// <summary>With whom at most ports of its workspaces are shared; takes the feature control_shared_ports.</summary>
    [WireNames(typeof(AppSharingLevel))]
    public string? MaxPortShareLevel { get; init; }

    /// <summary>Who decides about requests between origins to apps of a workspace.</summary>
    [WireNames(typeof(CorsBehavior))]
    public string? CorsBehavior { get; init; }

    /// <summary>Whether forms ask for parameters once.</summary>
    public bool? UseClassicParameterFlow { get; init; }

    internal TemplateChange ToChange() => new()
    {
        Name = Name,
        DisplayName = DisplayName,
        Description = Description,
        Icon = Icon,
        AllowUserCancelWorkspaceJobs = AllowUserCancelWorkspaceJobs ?? false,
        Schedule = new ScheduleInput
        {
            DefaultTtl = DefaultTtlMs ?? 0,
            ActivityBump = ActivityBumpMs ?? 0,
            AllowUserAutostart = AllowUserAutostart ?? false,
            AllowUserAutostop = AllowUserAutostop ?? false,
            FailureTtl = FailureTtlMs ?? 0,
            TimeTilDormant = TimeTilDormantMs ?? 0,
            TimeTilDormantAutodelete = TimeTilDormantAutodeleteMs ?? 0,
            AutostartDays = AutostartRequirement?.DaysOfWeek,
            Autostop = AutostopRequirement.ToInput(),
        },
        RequireActiveVersion = RequireActiveVersion ?? false,
        DeprecationMessage = DeprecationMessage,
        DisableEveryoneGroupAccess = DisableEveryoneGroupAccess ?? false,
        MaxPortSharingLevel = MaxPortShareLevel,
        CorsBehavior = CorsBehavior,
        UseClassicParameterFlow = UseClassicParameterFlow,
        UpdateWorkspaceLastUsedAt = UpdateWorkspaceLastUsedAt ?? false,
        UpdateWorkspaceDormantAt = UpdateWorkspaceDormantAt ?? false,
    };
}

internal static class RequirementInput
{
    public static AutostopInput? ToInput(this AutostopRequirementJson? json) =>
        json is null ? null : new AutostopInput(json.DaysOfWeek ?? [], json.Weeks ?? 0);
}

/// <summary>Makes another version the active one.</summary>
/// <param name="Id">A version of the template whose import ended well.</param>
public sealed record PromoteVersionRequestJson([property: Required] Guid? Id);
