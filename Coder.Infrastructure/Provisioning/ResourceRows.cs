using Coder.Application.Provisioning;
using Coder.Domain.Templates;

namespace Coder.Infrastructure.Provisioning;

/// <summary>Resources and what belongs to them as <c>jsonb_to_recordset</c> reads them: one statement fills all tables.</summary>
internal static class ResourceRows
{
    public static string Json<T>(IEnumerable<T> rows) => RowJson.Of(rows);

    public static ResourceRow Resource(PlannedResource planned) => new(
        planned.Id,
        planned.Resource.Type,
        planned.Resource.Name,
        planned.Resource.Hide,
        planned.Resource.Icon,
        planned.Resource.DailyCost);

    public static IEnumerable<MetadataRow> Metadata(PlannedResource planned) =>
        planned.Resource.Metadata.Select(fact => new MetadataRow(planned.Id, fact.Key, fact.Value, fact.Sensitive));

    public static IEnumerable<AgentRow> Agents(PlannedResource resource, bool isRunning) => resource.Agents.Select(planned => new AgentRow(
        planned.Id,
        planned.Agent.Name,
        resource.Id,
        planned.Token,
        planned.Agent.Architecture.WireName(),
        planned.Agent.OperatingSystem.WireName(),
        planned.Agent.Environment,
        planned.Agent.Directory,
        (int)planned.Agent.ConnectionTimeout.TotalSeconds,
        planned.Agent.TroubleshootingUrl,
        planned.Agent.MotdFile,
        planned.Agent.DisplayApps.Select(app => app.WireName()),
        planned.Agent.Order,
        isRunning && planned.Agent.SimulateReady));

    public static IEnumerable<ScriptRow> Scripts(PlannedAgent agent) => agent.Scripts.Select(planned => new ScriptRow(
        planned.Id,
        agent.Id,
        planned.LogSource,
        planned.Script.DisplayName,
        planned.Script.Icon,
        planned.Script.Script,
        planned.Script.Cron,
        planned.Script.RunOnStart,
        planned.Script.RunOnStop,
        planned.Script.StartBlocksLogin,
        (int)planned.Script.Timeout.TotalSeconds,
        planned.Script.LogPath));

    public static IEnumerable<AppRow> Apps(PlannedAgent agent) => agent.Apps.Select(planned => new AppRow(
        planned.Id,
        agent.Id,
        planned.App.Slug,
        planned.App.DisplayName,
        planned.App.Icon,
        planned.App.Command,
        planned.App.Url,
        planned.App.External,
        planned.App.Subdomain,
        planned.App.Share.WireName(),
        planned.App.Healthcheck?.Url ?? "",
        (int)(planned.App.Healthcheck?.Interval.TotalSeconds ?? 0),
        planned.App.Healthcheck?.Threshold ?? 0,
        planned.App.Order,
        planned.App.Group.Length == 0 ? null : planned.App.Group,
        planned.App.Hidden,
        planned.App.OpenIn.WireName()));

    internal sealed record ResourceRow(Guid Id, string Type, string Name, bool Hide, string Icon, int DailyCost);

    internal sealed record MetadataRow(Guid ResourceId, string Key, string Value, bool Sensitive);

    internal sealed record AgentRow(
        Guid Id,
        string Name,
        Guid ResourceId,
        Guid AuthToken,
        string Architecture,
        string OperatingSystem,
        IReadOnlyDictionary<string, string> EnvironmentVariables,
        string Directory,
        int ConnectionTimeoutSeconds,
        string TroubleshootingUrl,
        string MotdFile,
        IEnumerable<string> DisplayApps,
        int DisplayOrder,
        bool Simulated);

    internal sealed record ScriptRow(
        Guid Id,
        Guid AgentId,
        Guid LogSourceId,
        string DisplayName,
        string Icon,
        string Script,
        string Cron,
        bool RunOnStart,
        bool RunOnStop,
        bool StartBlocksLogin,
        int TimeoutSeconds,
        string LogPath);

    internal sealed record AppRow(
        Guid Id,
        Guid AgentId,
        string Slug,
        string DisplayName,
        string Icon,
        string? Command,
        string? Url,
        bool External,
        bool Subdomain,
        string SharingLevel,
        string HealthcheckUrl,
        int HealthcheckInterval,
        int HealthcheckThreshold,
        int DisplayOrder,
        string? DisplayGroup,
        bool Hidden,
        string OpenIn);
}
