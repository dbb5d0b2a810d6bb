using Coder.Domain.Authorization;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;

namespace Coder.Application.Templates;

/// <summary>A template as its readers see it.</summary>
public sealed record TemplateView
{
    /// <summary>The template.</summary>
    public required Template Template { get; init; }

    /// <summary>See <see cref="Domain.Organizations.Organization.Name"/>.</summary>
    public required string OrganizationName { get; init; }

    /// <summary>See <see cref="Domain.Organizations.Organization.DisplayName"/>.</summary>
    public required string OrganizationDisplayName { get; init; }

    /// <summary>A picture; may be empty.</summary>
    public required string OrganizationIcon { get; init; }

    /// <summary>The username of who made the template.</summary>
    public required string CreatedByName { get; init; }

    /// <summary>How many people have used workspaces of the template within <see cref="StatisticsPeriod"/>.</summary>
    public int ActiveUsers { get; init; }

    /// <summary>How long builds of the last <see cref="StatisticsPeriod"/> took; a transition that nobody made is missing.</summary>
    public IReadOnlyDictionary<WorkspaceTransition, BuildTimes> BuildTimes { get; init; } =
        new Dictionary<WorkspaceTransition, BuildTimes>();

    /// <summary>How far back numbers about use reach.</summary>
    public static TimeSpan StatisticsPeriod { get; } = TimeSpan.FromDays(30);
}

/// <summary>How long builds took that ended well.</summary>
/// <param name="Median">As long as at most half of them.</param>
/// <param name="Slow">As long as at most 95 % of them.</param>
public sealed record BuildTimes(TimeSpan Median, TimeSpan Slow);

/// <summary>Templates as they are stored; what the license does not give is in them too.</summary>
public interface ITemplateStore
{
    /// <summary>The templates that match and may be seen, ordered by name.</summary>
    /// <param name="filter">What is asked for.</param>
    /// <param name="organization">Only those of this organization, if it is given. The name in the filter does not count.</param>
    /// <param name="scope">What the caller may see.</param>
    /// <param name="since">Where the numbers about use begin.</param>
    /// <param name="ct">Cancels the statements.</param>
    Task<IReadOnlyList<TemplateView>> ListAsync(
        TemplateFilter filter, Guid? organization, ReadScope scope, DateTimeOffset since, CancellationToken ct);

    /// <summary>Reads templates, also those that are deleted.</summary>
    Task<IReadOnlyList<Template>> ReadAsync(IReadOnlyCollection<Guid> templates, CancellationToken ct);

    /// <summary>Reads the template of this name that is not deleted, without regard to case.</summary>
    Task<Template?> FindByNameAsync(Guid organization, string name, CancellationToken ct);

    /// <summary>Reads a template that is not deleted, and keeps it from being deleted until this transaction ends.</summary>
    Task<Template?> HoldAsync(Guid template, CancellationToken ct);

    /// <summary>
    /// Reads a template that is not deleted, and makes everybody else who wants to change or hold it wait until this transaction ends.
    /// </summary>
    Task<Template?> LockAsync(Guid template, CancellationToken ct);

    /// <summary>Adds a template.</summary>
    /// <returns><see langword="false"/> when the organization has one of this name, also by a simultaneous call.</returns>
    Task<bool> AddAsync(Template template, CancellationToken ct);

    /// <summary>Writes everything that can change of a template that is locked, but its access control lists.</summary>
    /// <returns>
    /// <see langword="false"/> when the organization has another one of this name; the transaction can only be rolled back then.
    /// </returns>
    Task<bool> UpdateAsync(Template template, CancellationToken ct);

    /// <summary>Writes entries of the lists of a template that is locked; other entries stay.</summary>
    Task UpdateAclAsync(Guid template, TemplateAclChange change, DateTimeOffset now, CancellationToken ct);

    /// <summary>Marks a template that is locked as deleted.</summary>
    Task DeleteAsync(Guid template, DateTimeOffset now, CancellationToken ct);
}

/// <summary>
/// The workspaces of a template as far as its rules reach into them. Only <see cref="CountAsync"/> sees prebuilt ones; nothing here ever
/// writes one.
/// </summary>
public interface ITemplateWorkspaces
{
    /// <summary>How many workspaces there are that are not deleted.</summary>
    Task<TemplateUse> CountAsync(Guid template, CancellationToken ct);

    /// <summary>Gives all workspaces of people the same time to live.</summary>
    Task SetTtlAsync(Guid template, TimeSpan? ttl, DateTimeOffset now, CancellationToken ct);

    /// <summary>Gives dormant workspaces of people new times of deletion.</summary>
    /// <param name="template">The template.</param>
    /// <param name="autodelete">How long they may be dormant; zero: for ever.</param>
    /// <param name="startNow">They count as dormant since now.</param>
    /// <param name="now">The moment of the change.</param>
    /// <param name="ct">Cancels the statement.</param>
    Task SetDormancyAsync(Guid template, TimeSpan autodelete, bool startNow, DateTimeOffset now, CancellationToken ct);

    /// <summary>Lets all workspaces of people count as used now.</summary>
    Task TouchAsync(Guid template, DateTimeOffset now, CancellationToken ct);

    /// <summary>The workspaces of people that have a schedule or run, locked until this transaction ends.</summary>
    Task<IReadOnlyList<ScheduledWorkspace>> LockScheduledAsync(Guid template, CancellationToken ct);

    /// <summary>Writes when schedules start workspaces next, and when running ones stop.</summary>
    Task WriteTimesAsync(IReadOnlyList<NextStart> starts, IReadOnlyList<NewDeadline> deadlines, DateTimeOffset now, CancellationToken ct);
}

/// <summary>How many workspaces a template has.</summary>
/// <param name="OfPeople">Those of people.</param>
/// <param name="Prebuilt">Stock that nobody has claimed.</param>
public sealed record TemplateUse(int OfPeople, int Prebuilt);

/// <summary>What decides when a workspace stops and starts by itself.</summary>
public sealed record ScheduledWorkspace
{
    /// <summary>The workspace.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its schedule as it is stored.</summary>
    public string? Autostart { get; init; }

    /// <summary>Its own time to live.</summary>
    public TimeSpan? Ttl { get; init; }

    /// <summary>Whether nobody has used it for so long that it is not started by itself.</summary>
    public bool IsDormant { get; init; }

    /// <summary>When its schedule starts it.</summary>
    public DateTimeOffset? NextStartAt { get; init; }

    /// <summary>The quiet hours of its owner as they are stored; empty: none were chosen.</summary>
    public string QuietHours { get; init; } = "";

    /// <summary>Its latest build, if that is a start that ended well.</summary>
    public RunningBuild? Running { get; init; }
}

/// <summary>A start that ended well and that nothing followed.</summary>
/// <param name="Id">The build.</param>
/// <param name="CompletedAt">When it ended.</param>
/// <param name="Deadline">When the workspace stops.</param>
public sealed record RunningBuild(Guid Id, DateTimeOffset CompletedAt, Deadline Deadline);

/// <summary>When a schedule starts a workspace.</summary>
/// <param name="Workspace">The workspace.</param>
/// <param name="At"><see langword="null"/>: never.</param>
public sealed record NextStart(Guid Workspace, DateTimeOffset? At);

/// <summary>When a running workspace stops.</summary>
/// <param name="Build">Its latest build.</param>
/// <param name="Deadline">The new deadline.</param>
public sealed record NewDeadline(Guid Build, Deadline Deadline);
