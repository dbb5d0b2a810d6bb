using Coder.Api.Builds;
using Coder.Api.Swagger;
using Coder.Application.Workspaces;
using Coder.Domain.Workspaces;

namespace Coder.Api.Workspaces;

/// <summary>A workspace with its latest build.</summary>
public sealed record WorkspaceJson
{
    /// <summary>Never changes.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its settings were last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Whose workspace it is.</summary>
    public required Guid OwnerId { get; init; }

    /// <summary>The username of the owner.</summary>
    public required string OwnerName { get; init; }

    /// <summary>A picture of the owner; may be empty.</summary>
    public required string OwnerAvatarUrl { get; init; }

    /// <summary>The organization that it belongs to.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>The name of the organization.</summary>
    public required string OrganizationName { get; init; }

    /// <summary>What it is made from.</summary>
    public required Guid TemplateId { get; init; }

    /// <summary>The name of the template.</summary>
    public required string TemplateName { get; init; }

    /// <summary>The name of the template for people; may be empty.</summary>
    public required string TemplateDisplayName { get; init; }

    /// <summary>A picture of the template; may be empty.</summary>
    public required string TemplateIcon { get; init; }

    /// <summary>Whether users may cancel builds that have begun.</summary>
    public required bool TemplateAllowUserCancelWorkspaceJobs { get; init; }

    /// <summary>The version of the template that new workspaces take.</summary>
    public required Guid TemplateActiveVersionId { get; init; }

    /// <summary>Whether users may start no other version than the active one.</summary>
    public required bool TemplateRequireActiveVersion { get; init; }

    /// <summary>Whether clients ask for the parameters of the version instead of letting them be worked out as they are filled in.</summary>
    public required bool TemplateUseClassicParameterFlow { get; init; }

    /// <summary>The last of its builds, ended or not.</summary>
    public required WorkspaceBuildJson LatestBuild { get; init; }

    /// <summary>What an app of it last said of itself; null when none did.</summary>
    public required WorkspaceAppStatusJson? LatestAppStatus { get; init; }

    /// <summary>Whether its latest build is of another version than the active one.</summary>
    public required bool Outdated { get; init; }

    /// <summary>Unique among the workspaces of its owner without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>When it is started, with a time zone, such as <c>CRON_TZ=UTC 30 9 * * 1-5</c>; null for never by itself.</summary>
    public required string? AutostartSchedule { get; init; }

    /// <summary>How many milliseconds it runs after a start; null for until somebody stops it.</summary>
    public required long? TtlMs { get; init; }

    /// <summary>When somebody used it last.</summary>
    public required DateTimeOffset LastUsedAt { get; init; }

    /// <summary>When it is deleted because nobody uses it; null for never.</summary>
    public required DateTimeOffset? DeletingAt { get; init; }

    /// <summary>Since when it can not be started because nobody used it; null while it is in use.</summary>
    public required DateTimeOffset? DormantAt { get; init; }

    /// <summary>Whether its agents are well.</summary>
    public required WorkspaceHealthJson Health { get; init; }

    /// <summary>Whether it moves to new versions of its template at each start.</summary>
    [WireNames(typeof(AutomaticUpdates))]
    public required string AutomaticUpdates { get; init; }

    /// <summary>Whether this deployment lets workspaces be renamed.</summary>
    public required bool AllowRenames { get; init; }

    /// <summary>Whether it is yours and you keep it at the head of the list.</summary>
    public required bool Favorite { get; init; }

    /// <summary>When its schedule starts it next; null for never.</summary>
    public required DateTimeOffset? NextStartAt { get; init; }

    /// <summary>Whether it is stock that nobody has claimed yet.</summary>
    public required bool IsPrebuild { get; init; }

    /// <summary>Shows a workspace.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="reader">Who reads it.</param>
    /// <param name="now">What the connections of its agents are judged by.</param>
    internal static WorkspaceJson From(WorkspaceView workspace, Guid reader, DateTimeOffset now)
    {
        var build = WorkspaceBuildJson.From(workspace.LatestBuild, now);
        return new WorkspaceJson
        {
            Id = workspace.Id,
            CreatedAt = workspace.CreatedAt,
            UpdatedAt = workspace.UpdatedAt,
            OwnerId = workspace.OwnerId,
            OwnerName = workspace.OwnerName,
            OwnerAvatarUrl = workspace.OwnerAvatarUrl,
            OrganizationId = workspace.OrganizationId,
            OrganizationName = workspace.OrganizationName,
            TemplateId = workspace.TemplateId,
            TemplateName = workspace.TemplateName,
            TemplateDisplayName = workspace.TemplateDisplayName,
            TemplateIcon = workspace.TemplateIcon,
            TemplateAllowUserCancelWorkspaceJobs = workspace.TemplateAllowUserCancelWorkspaceJobs,
            TemplateActiveVersionId = workspace.TemplateActiveVersionId,
            TemplateRequireActiveVersion = workspace.TemplateRequireActiveVersion,
            TemplateUseClassicParameterFlow = workspace.TemplateUseClassicParameterFlow,
            LatestBuild = build,
            LatestAppStatus = build.Resources
                .SelectMany(r => r.Agents).SelectMany(a => a.Apps).SelectMany(a => a.Statuses).MaxBy(s => s.CreatedAt),
            Outdated = workspace.IsOutdated,
            Name = workspace.Name,
            AutostartSchedule = workspace.AutostartSchedule,
            TtlMs = workspace.Ttl is { } ttl ? (long)ttl.TotalMilliseconds : null,
            LastUsedAt = workspace.LastUsedAt,
            DeletingAt = workspace.DeletingAt,
            DormantAt = workspace.DormantAt,
            Health = WorkspaceHealthJson.Of(build.Resources),
            AutomaticUpdates = workspace.AutomaticUpdates.WireName(),
            AllowRenames = workspace.AllowRenames,
            Favorite = workspace.Favorite && workspace.OwnerId == reader,
            NextStartAt = workspace.NextStartAt,
            IsPrebuild = workspace.IsPrebuild,
        };
    }
}

/// <summary>Whether the agents of a workspace are well.</summary>
/// <param name="Healthy">Whether none of them fails; so it is without agents.</param>
/// <param name="FailingAgents">Those that fail.</param>
public sealed record WorkspaceHealthJson(bool Healthy, IReadOnlyList<Guid> FailingAgents)
{
    // What runs inside an agent is that agent's own matter.
    internal static WorkspaceHealthJson Of(IReadOnlyList<WorkspaceResourceJson> resources)
    {
        Guid[] failing =
        [
            .. resources.SelectMany(r => r.Agents).Where(a => a.ParentId is null && !a.Health.Healthy).Select(a => a.Id),
        ];
        return new WorkspaceHealthJson(failing.Length == 0, failing);
    }
}

/// <summary>A page of workspaces.</summary>
/// <param name="Workspaces">The page.</param>
/// <param name="Count">How many there are on all pages.</param>
public sealed record WorkspacesResponseJson(IReadOnlyList<WorkspaceJson> Workspaces, long Count);
