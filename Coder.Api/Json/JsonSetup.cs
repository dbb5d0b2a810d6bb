using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Coder.Api.Json;

/// <summary>How all JSON of the API looks, whoever writes it.</summary>
internal static class JsonSetup
{
    /// <summary>The source-generated contexts, one a feature.</summary>
    public static IReadOnlyList<JsonSerializerContext> Contexts { get; } =
    [
        HttpJsonContext.Default,
        Users.UsersJsonContext.Default,
        Licensing.LicensingJsonContext.Default,
        Deployment.DeploymentJsonContext.Default,
        Experiments.ExperimentsJsonContext.Default,
        AuditLogs.AuditLogsJsonContext.Default,
        Authorization.AuthorizationJsonContext.Default,
        Appearance.AppearanceJsonContext.Default,
        WorkspaceProxies.WorkspaceProxiesJsonContext.Default,
        Notifications.NotificationsJsonContext.Default,
        Health.HealthReportJsonContext.Default,
        Organizations.OrganizationsJsonContext.Default,
        Groups.GroupsJsonContext.Default,
        Files.FilesJsonContext.Default,
        ConnectionLogs.ConnectionLogsJsonContext.Default,
        Provisioning.ProvisioningJsonContext.Default,
        Workspaces.WorkspaceAgentsJsonContext.Default,
        Builds.BuildsJsonContext.Default,
        Workspaces.WorkspacesJsonContext.Default,
        PortShares.PortSharesJsonContext.Default,
        Templates.TemplatesJsonContext.Default,
        ConnectionLogs.ConnectionReportsJsonContext.Default,
        Workspaces.AgentReportsJsonContext.Default,
        Workspaces.AgentInsideJsonContext.Default,
    ];

    /// <summary>Sets options up. The outer options win over those of a context, so they must say everything.</summary>
    public static void Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.PropertyNameCaseInsensitive = true;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.MaxDepth = 64;
        options.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new UtcTimestampConverter());
        for (var i = 0; i < Contexts.Count; i++)
        {
            options.TypeInfoResolverChain.Insert(i, Contexts[i]);
        }

        if (!options.TypeInfoResolverChain.OfType<DefaultJsonTypeInfoResolver>().Any())
        {
            options.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver());
        }
    }
}
