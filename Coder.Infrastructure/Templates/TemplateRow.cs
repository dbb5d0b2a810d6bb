using Coder.Application.Templates;
using Coder.Domain.Authorization;
using Coder.Domain.Provisioning;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;

namespace Coder.Infrastructure.Templates;

/// <summary>A template as statements read it.</summary>
internal sealed record TemplateRow
{
    public const string Columns = """
        t.id, t.created_at, t.updated_at, t.organization_id, t.deleted, t.name, t.provisioner::text as provisioner, t.active_version_id,
        t.description, t.default_ttl, t.activity_bump, t.created_by, t.icon, t.user_acl::text as user_acl, t.group_acl::text as group_acl,
        t.display_name, t.allow_user_cancel_workspace_jobs, t.allow_user_autostart, t.allow_user_autostop, t.failure_ttl,
        t.time_til_dormant, t.time_til_dormant_autodelete,
        t.autostop_requirement_days_of_week::integer as autostop_days, t.autostop_requirement_weeks::integer as autostop_weeks,
        t.autostart_block_days_of_week::integer as autostart_block_days, t.require_active_version, t.deprecated,
        t.max_port_sharing_level::text as max_port_sharing_level, t.use_classic_parameter_flow, t.cors_behavior::text as cors_behavior
        """;

    public Guid Id { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public Guid OrganizationId { get; init; }

    public bool Deleted { get; init; }

    public string Name { get; init; } = "";

    public string Provisioner { get; init; } = "";

    public Guid ActiveVersionId { get; init; }

    public string Description { get; init; } = "";

    public long DefaultTtl { get; init; }

    public long ActivityBump { get; init; }

    public Guid CreatedBy { get; init; }

    public string Icon { get; init; } = "";

    public string UserAcl { get; init; } = "";

    public string GroupAcl { get; init; } = "";

    public string DisplayName { get; init; } = "";

    public bool AllowUserCancelWorkspaceJobs { get; init; }

    public bool AllowUserAutostart { get; init; }

    public bool AllowUserAutostop { get; init; }

    public long FailureTtl { get; init; }

    public long TimeTilDormant { get; init; }

    public long TimeTilDormantAutodelete { get; init; }

    public int AutostopDays { get; init; }

    public int AutostopWeeks { get; init; }

    public int AutostartBlockDays { get; init; }

    public bool RequireActiveVersion { get; init; }

    public string Deprecated { get; init; } = "";

    public string MaxPortSharingLevel { get; init; } = "";

    public bool UseClassicParameterFlow { get; init; }

    public string CorsBehavior { get; init; } = "";

    // Of lists only.
    public string OrganizationName { get; init; } = "";

    public string OrganizationDisplayName { get; init; } = "";

    public string OrganizationIcon { get; init; } = "";

    public string CreatedByName { get; init; } = "";

    public int ActiveUsers { get; init; }

    public Template ToTemplate() => new()
    {
        Id = Id,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
        OrganizationId = OrganizationId,
        IsDeleted = Deleted,
        Name = Name,
        DisplayName = DisplayName,
        Description = Description,
        Icon = Icon,
        Provisioner = ProvisionerTypes.TryParse(Provisioner, out var provisioner) ? provisioner : default,
        ActiveVersionId = ActiveVersionId,
        CreatedBy = CreatedBy,
        UserAcl = AccessControlList.FromJson(UserAcl),
        GroupAcl = AccessControlList.FromJson(GroupAcl),
        AllowUserCancelWorkspaceJobs = AllowUserCancelWorkspaceJobs,
        Scheduling = new TemplateScheduling
        {
            DefaultTtl = Nanoseconds.Read(DefaultTtl),
            ActivityBump = Nanoseconds.Read(ActivityBump),
            AllowUserAutostart = AllowUserAutostart,
            AllowUserAutostop = AllowUserAutostop,
            AutostartDays = ((Weekdays)AutostartBlockDays).Inverse(),
            AutostopDays = (Weekdays)AutostopDays,
            AutostopWeeks = AutostopWeeks,
            FailureTtl = Nanoseconds.Read(FailureTtl),
            TimeTilDormant = Nanoseconds.Read(TimeTilDormant),
            TimeTilDormantAutodelete = Nanoseconds.Read(TimeTilDormantAutodelete),
        },
        RequireActiveVersion = RequireActiveVersion,
        Deprecated = Deprecated,
        MaxPortSharingLevel = AppSharingLevels.TryParse(MaxPortSharingLevel, out var level) ? level : default,
        UseClassicParameterFlow = UseClassicParameterFlow,
        CorsBehavior = CorsBehaviors.TryParse(CorsBehavior, out var cors) ? cors : default,
    };

    public TemplateView ToView(IReadOnlyDictionary<WorkspaceTransition, BuildTimes> times) => new()
    {
        Template = ToTemplate(),
        OrganizationName = OrganizationName,
        OrganizationDisplayName = OrganizationDisplayName,
        OrganizationIcon = OrganizationIcon,
        CreatedByName = CreatedByName,
        ActiveUsers = ActiveUsers,
        BuildTimes = times,
    };
}

/// <summary>Durations as columns keep them.</summary>
internal static class Nanoseconds
{
    private const long PerTick = 100;

    public static TimeSpan Read(long nanoseconds) => TimeSpan.FromTicks(nanoseconds / PerTick);

    public static long Write(TimeSpan duration) => duration.Ticks * PerTick;
}
