using System.Text.Json.Serialization;
using Coder.Api.Swagger;
using Coder.Application.Workspaces;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;

namespace Coder.Api.Workspaces;

/// <summary>What resources cannot know of themselves.</summary>
/// <param name="Now">The time at which the status of agents is judged.</param>
/// <param name="WorkspaceName">The workspace; empty for what an import foresees.</param>
/// <param name="OwnerName">The username of its owner; empty for what an import foresees.</param>
internal readonly record struct ResourceContext(DateTimeOffset Now, string WorkspaceName = "", string OwnerName = "");

/// <summary>Something that a build made, or that an import foresees.</summary>
public sealed record WorkspaceResourceJson
{
    /// <summary>New with every build.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it was entered.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The job that made it.</summary>
    public required Guid JobId { get; init; }

    /// <summary>The build that it is of: an import foresees those of a start and those that are left after a stop.</summary>
    [WireNames(typeof(WorkspaceTransition))]
    public required string WorkspaceTransition { get; init; }

    /// <summary>What it is, such as <c>docker_container</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Its name in the template.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is of no interest to people.</summary>
    public required bool Hide { get; init; }

    /// <summary>A picture; may be empty.</summary>
    public required string Icon { get; init; }

    /// <summary>Its agents, in the order of the template.</summary>
    public required IReadOnlyList<WorkspaceAgentJson> Agents { get; init; }

    /// <summary>What the template says of it.</summary>
    public required IReadOnlyList<WorkspaceResourceMetadataJson> Metadata { get; init; }

    /// <summary>Credits that it takes a day.</summary>
    public required int DailyCost { get; init; }

    internal static IReadOnlyList<WorkspaceResourceJson> From(IReadOnlyList<ResourceView> resources, ResourceContext context) =>
        [.. resources.Select(resource => From(resource, context))];

    internal static WorkspaceResourceJson From(ResourceView resource, ResourceContext context) => new()
    {
        Id = resource.Id,
        CreatedAt = resource.CreatedAt,
        JobId = resource.JobId,
        WorkspaceTransition = resource.Transition.WireName(),
        Type = resource.Type,
        Name = resource.Name,
        Hide = resource.Hide,
        Icon = resource.Icon,
        Agents = [.. resource.Agents.Select(agent => WorkspaceAgentJson.From(agent, context))],
        Metadata = [.. resource.Metadata.Select(m => new WorkspaceResourceMetadataJson(m.Key, m.Value, m.Sensitive))],
        DailyCost = resource.DailyCost,
    };
}

/// <summary>A fact about a resource.</summary>
/// <param name="Key">What the fact is about.</param>
/// <param name="Value">The fact; empty when it is sensitive.</param>
/// <param name="Sensitive">Whether it is kept from view.</param>
public sealed record WorkspaceResourceMetadataJson(string Key, string Value, bool Sensitive);

/// <summary>An app of an agent.</summary>
public sealed record WorkspaceAppJson
{
    /// <summary>New with every build.</summary>
    public required Guid Id { get; init; }

    /// <summary>Where the app is found.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Url { get; init; }

    /// <summary>Whether the address is opened by the browser itself, and not through the server.</summary>
    public required bool External { get; init; }

    /// <summary>The name in addresses; unique for its agent.</summary>
    public required string Slug { get; init; }

    /// <summary>The name for people; may be empty.</summary>
    public required string DisplayName { get; init; }

    /// <summary>What is run in a terminal instead of opening an address.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Command { get; init; }

    /// <summary>A picture; may be empty.</summary>
    public required string Icon { get; init; }

    /// <summary>Whether it is served on a domain of its own, and not on a path.</summary>
    public required bool Subdomain { get; init; }

    /// <summary>That domain, without the part that all apps share; left out without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SubdomainName { get; init; }

    /// <summary>Who may open it.</summary>
    [WireNames(typeof(AppSharingLevel))]
    public required string SharingLevel { get; init; }

    /// <summary>How its health is found out.</summary>
    public required HealthcheckJson Healthcheck { get; init; }

    /// <summary>What was found out.</summary>
    [WireNames(typeof(AppHealth))]
    public required string Health { get; init; }

    /// <summary>Apps of one group are shown together.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Group { get; init; }

    /// <summary>Whether it is of no interest to people.</summary>
    public required bool Hidden { get; init; }

    /// <summary>Where it opens.</summary>
    [WireNames(typeof(AppOpenIn))]
    public required string OpenIn { get; init; }

    /// <summary>What it said of itself, newest first.</summary>
    public required IReadOnlyList<WorkspaceAppStatusJson> Statuses { get; init; }

    internal static WorkspaceAppJson From(AppView app, string agent, ResourceContext context) => new()
    {
        Id = app.Id,
        Url = TextOrNull(app.Url),
        External = app.External,
        Slug = app.Slug,
        DisplayName = app.DisplayName,
        Command = TextOrNull(app.Command),
        Icon = app.Icon,
        Subdomain = app.Subdomain,
        SubdomainName = app.Subdomain && context is { WorkspaceName.Length: > 0, OwnerName.Length: > 0 }
            ? $"{app.Slug}--{agent}--{context.WorkspaceName}--{context.OwnerName}"
            : null,
        SharingLevel = app.SharingLevel.WireName(),
        Healthcheck = new HealthcheckJson(app.HealthcheckUrl, app.HealthcheckInterval, app.HealthcheckThreshold),
        Health = app.Health.WireName(),
        Group = TextOrNull(app.Group),
        Hidden = app.Hidden,
        OpenIn = app.OpenIn.WireName(),
        Statuses = [.. app.Statuses.Select(WorkspaceAppStatusJson.From)],
    };

    private static string? TextOrNull(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

/// <summary>How the health of an app is found out.</summary>
/// <param name="Url">What is asked; empty when nothing is.</param>
/// <param name="Interval">Seconds between two questions.</param>
/// <param name="Threshold">After how many failures in a row the app is unhealthy.</param>
public sealed record HealthcheckJson(string Url, int Interval, int Threshold);

/// <summary>What an app said of itself.</summary>
public sealed record WorkspaceAppStatusJson
{
    /// <summary>Never changes.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it was said.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The workspace of the app.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>The agent of the app.</summary>
    public required Guid AgentId { get; init; }

    /// <summary>The app.</summary>
    public required Guid AppId { get; init; }

    /// <summary>What it does.</summary>
    [WireNames(typeof(AppStatusState))]
    public required string State { get; init; }

    /// <summary>In its own words.</summary>
    public required string Message { get; init; }

    /// <summary>Where to look, such as the address of a pull request; may be empty.</summary>
    public required string Uri { get; init; }

    /// <summary>Always empty; clients of old read it.</summary>
    public string Icon { get; init; } = "";

    /// <summary>Always false; clients of old read it.</summary>
    public bool NeedsUserAttention { get; init; }

    internal static WorkspaceAppStatusJson From(AppStatusView status) => new()
    {
        Id = status.Id,
        CreatedAt = status.CreatedAt,
        WorkspaceId = status.WorkspaceId,
        AgentId = status.AgentId,
        AppId = status.AppId,
        State = status.State.WireName(),
        Message = status.Message,
        Uri = status.Uri ?? "",
    };
}
