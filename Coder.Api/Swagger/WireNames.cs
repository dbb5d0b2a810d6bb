using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Nodes;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.ConnectionLogs;
using Coder.Domain.Groups;
using Coder.Domain.Health;
using Coder.Domain.Licensing;
using Coder.Domain.PortShares;
using Coder.Domain.Provisioning;
using Coder.Domain.Templates;
using Coder.Domain.Users;
using Coder.Domain.Workspaces;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Coder.Api.Swagger;

/// <summary>Says in the document that a text is one of the names of an enumeration. Documentation only: it checks nothing.</summary>
/// <param name="type">One of the enumerations that <see cref="WireNames"/> knows.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WireNamesAttribute(Type type) : Attribute
{
    /// <summary>The enumeration.</summary>
    public Type Type { get; } = type;
}

/// <summary>The enumerations of the domain by the names that clients know.</summary>
internal static class WireNames
{
    private static readonly FrozenDictionary<Type, IReadOnlyList<string>> Known = new Dictionary<Type, IReadOnlyList<string>>
    {
        [typeof(AuditAction)] = All<AuditAction>(a => a.WireName()),
        [typeof(AuditResourceType)] = All<AuditResourceType>(t => t.WireName()),
        [typeof(AgentLifecycle)] = All<AgentLifecycle>(s => s.WireName()),
        [typeof(AgentStatus)] = All<AgentStatus>(s => s.WireName()),
        [typeof(AppHealth)] = All<AppHealth>(h => h.WireName()),
        [typeof(AppOpenIn)] = All<AppOpenIn>(o => o.WireName()),
        [typeof(AppSharingLevel)] = All<AppSharingLevel>(l => l.WireName()),
        [typeof(AppStatusState)] = All<AppStatusState>(s => s.WireName()),
        [typeof(DisplayApp)] = All<DisplayApp>(a => a.WireName()),
        [typeof(PortProtocol)] = All<PortProtocol>(p => p.WireName()),
        [typeof(WorkspaceRole)] = All<WorkspaceRole>(r => r.WireName()),
        [typeof(WorkspaceStatus)] = All<WorkspaceStatus>(s => s.WireName()),
        [typeof(Domain.Provisioning.LogLevel)] = All<Domain.Provisioning.LogLevel>(Domain.Provisioning.LogLevels.WireName),
        [typeof(WorkspaceTransition)] = All<WorkspaceTransition>(t => t.WireName()),
        [typeof(AutomaticUpdates)] = All<AutomaticUpdates>(u => u.WireName()),
        [typeof(BuildReason)] = All<BuildReason>(r => r.WireName()),
        [typeof(GroupSource)] = All<GroupSource>(s => s.WireName()),
        [typeof(Entitlement)] = All<Entitlement>(e => e.WireName()),
        [typeof(LoginType)] = All<LoginType>(t => t.WireName()),
        [typeof(PermissionAction)] = All<PermissionAction>(a => a.WireName()),
        [typeof(ConnectionType)] = All<ConnectionType>(t => t.WireName()),
        [typeof(ResourceType)] = ["*", .. All<ResourceType>(t => t.WireName())],
        [typeof(UserStatus)] = All<UserStatus>(s => s.WireName()),
        [typeof(DaemonStatus)] = All<DaemonStatus>(s => s.WireName()),
        [typeof(WorkspaceTransition)] = All<WorkspaceTransition>(t => t.WireName()),
        [typeof(JobStatus)] = All<JobStatus>(s => s.WireName()),
        [typeof(JobType)] = All<JobType>(t => t.WireName()),
        [typeof(JobErrorCode)] = All<JobErrorCode>(c => c.WireName()),
        [typeof(Domain.Provisioning.LogLevel)] = All<Domain.Provisioning.LogLevel>(l => l.WireName()),
        [typeof(LogSource)] = All<LogSource>(s => s.WireName()),
        [typeof(ProvisionerType)] = All<ProvisionerType>(t => t.WireName()),
        [typeof(CorsBehavior)] = All<CorsBehavior>(b => b.WireName()),
        [typeof(Weekdays)] = Weekdays.All.WireNames(),
        [typeof(ParameterType)] = All<ParameterType>(t => t.WireName()),
        [typeof(ParameterFormType)] = All<ParameterFormType>(t => t.WireName()),
        [typeof(MonotonicOrder)] = [MonotonicOrder.Increasing.WireName(), MonotonicOrder.Decreasing.WireName()],
        [typeof(TemplateRole)] = All<TemplateRole>(r => r.WireName()),
        [typeof(HealthSeverity)] = All<HealthSeverity>(s => s.WireName()),
    }.ToFrozenDictionary();

    /// <summary>All names, in the order of the enumeration.</summary>
    /// <exception cref="KeyNotFoundException">Nobody entered the enumeration here.</exception>
    public static IReadOnlyList<string> Of(Type type) => Known[type];

    private static string[] All<T>(Func<T, string> name)
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(name)];
}

/// <summary>Writes the names of <see cref="WireNamesAttribute"/> into the schema of its property.</summary>
internal sealed class WireNamesSchema : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (context.MemberInfo?.GetCustomAttribute<WireNamesAttribute>() is { } names && schema is OpenApiSchema text)
        {
            text.Texts().Enum = [.. WireNames.Of(names.Type).Select(name => (JsonNode)JsonValue.Create(name))];
        }
    }
}
