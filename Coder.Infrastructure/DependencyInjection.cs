using Coder.Application.Appearance;
using Coder.Application.AuditLogs;
using Coder.Application.Authorization;
using Coder.Application.Builds;
using Coder.Application.Common;
using Coder.Application.ConnectionLogs;
using Coder.Application.Deployment;
using Coder.Application.Files;
using Coder.Application.Groups;
using Coder.Application.Licensing;
using Coder.Application.Notifications;
using Coder.Application.Organizations;
using Coder.Application.PortShares;
using Coder.Application.Provisioning;
using Coder.Application.Templates;
using Coder.Application.Users;
using Coder.Application.WorkspaceProxies;
using Coder.Application.Workspaces;
using Coder.Domain.Authorization;
using Coder.Infrastructure.Appearance;
using Coder.Infrastructure.AuditLogs;
using Coder.Infrastructure.Authorization;
using Coder.Infrastructure.Builds;
using Coder.Infrastructure.Common;
using Coder.Infrastructure.ConnectionLogs;
using Coder.Infrastructure.Database;
using Coder.Infrastructure.Files;
using Coder.Infrastructure.Groups;
using Coder.Infrastructure.Licensing;
using Coder.Infrastructure.Notifications;
using Coder.Infrastructure.Organizations;
using Coder.Infrastructure.PortShares;
using Coder.Infrastructure.Provisioning;
using Coder.Infrastructure.Replicas;
using Coder.Infrastructure.Templates;
using Coder.Infrastructure.Users;
using Coder.Infrastructure.WorkspaceProxies;
using Coder.Infrastructure.Workspaces;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Infrastructure;

/// <summary>What the infrastructure has to be told.</summary>
/// <param name="ConnectionString">The database, in Npgsql's form.</param>
/// <param name="LicenseKeys">The keys that licenses may be signed with.</param>
/// <param name="Licensing">What this deployment switches on.</param>
/// <param name="Sessions">How sessions live.</param>
/// <param name="Authorization">What changes the built-in roles.</param>
/// <param name="Version">The version of the server.</param>
public sealed record InfrastructureOptions(
    string ConnectionString,
    TrustedLicenseKeys LicenseKeys,
    LicensingOptions Licensing,
    SessionOptions Sessions,
    AuthorizationOptions Authorization,
    ServerVersion Version)
{
    /// <summary>How long the audit log is kept; for ever unless something else is said.</summary>
    public AuditLogOptions AuditLogs { get; init; } = new(TimeSpan.Zero);

    /// <summary>How long the connection log is kept; for ever unless something else is said.</summary>
    public ConnectionLogOptions ConnectionLogs { get; init; } = new(TimeSpan.Zero);

    /// <summary>What may be done to workspaces.</summary>
    public WorkspaceOptions Workspaces { get; init; } = new(AllowRenames: false);

    /// <summary>Where messages to users are put.</summary>
    public OutboxOptions Outbox { get; init; } = new(Path.Combine(AppContext.BaseDirectory, "outbox"));
}

/// <summary>Registers the implementations of all ports.</summary>
public static class DependencyInjection
{
    /// <summary>Adds stores, the database and what stands behind licenses. The application layer adds the use cases.</summary>
    public static IServiceCollection AddCoderInfrastructure(this IServiceCollection services, InfrastructureOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        services.AddSingleton(options.Licensing).AddSingleton(options.Sessions).AddSingleton(options.Authorization).AddSingleton(options.Version);
        services
            .AddDatabase(options.ConnectionString)
            .AddSingleton<IIds, Ids>()
            .AddSingleton<Deployment>()
            .AddSingleton<IDeployment>(s => s.GetRequiredService<Deployment>())
            .AddScoped<IDatabaseHealth, DatabaseHealth>()
            .AddSingleton<ReplicaIdentity>()
            .AddScoped<IReplicaRegistry, ReplicaRegistry>();
        services
            .AddScoped<IUserStore, UserStore>()
            .AddScoped<IUserDirectory, UserDirectory>()
            .AddScoped<IOrganizationStore, OrganizationStore>()
            .AddScoped<IApiKeyStore, ApiKeyStore>()
            .AddScoped<IAccountStore, AccountStore>()
            .AddScoped<IKeyDirectory, KeyDirectory>()
            .AddSingleton<ITokenNames, TokenNames>()
            .AddSingleton<IApiKeyGenerator, ApiKeyGenerator>()
            .AddSingleton<IPasswordHasher, Pbkdf2PasswordHasher>()
            .AddScoped<IPasscodeStore, PasscodeStore>()
            .AddSingleton(options.Outbox)
            .AddSingleton<IPasscodeDelivery, PasscodeOutbox>()
            .AddSingleton<ILoginAttempts, LoginAttempts>()
            .AddSingleton<ISessionActivity, SessionActivity>();
        services
            .AddScoped<IAuditStore, AuditStore>()
            .AddScoped<IAuditLogReader, AuditLogReader>()
            .AddScoped<IAuditLogPurge, AuditLogPurge>()
            .AddSingleton<IAuditServiceLog, AuditServiceLog>();
        services
            .AddScoped<IAuthorizationObjects, UserObjects>()
            .AddScoped<IAuthorizationObjects, GroupObjects>()
            .AddScoped<IAppearanceStore, AppearanceStore>()
            .AddSingleton<IAppearanceSource, AppearanceCache>()
            .AddScoped<IWorkspaceProxyStore, WorkspaceProxyStore>()
            .AddSingleton<IProxySecretGenerator, ProxySecretGenerator>()
            .AddScoped<InboxStore>()
            .AddScoped<IInbox>(s => s.GetRequiredService<InboxStore>())
            .AddScoped<IInboxStore>(s => s.GetRequiredService<InboxStore>())
            .AddScoped<ISessionLife, SessionLife>();
        services
            .AddScoped<IOrganizationMemberStore, OrganizationMemberStore>()
            .AddScoped<ICustomRoleStore, CustomRoleStore>()
            .AddScoped<IOrganizationContents, MemberContents>()
            .AddScoped<IOrganizationContents, GroupContents>();
        services
            .AddScoped<ITemplateStore, TemplateStore>()
            .AddScoped<ITemplateVersionStore, TemplateVersionStore>()
            .AddScoped<ITemplateVersionContents, TemplateVersionContents>()
            .AddScoped<ITemplateUsage, TemplateUsage>()
            .AddScoped<ITemplateWorkspaces, TemplateWorkspaceStore>()
            .AddScoped<ITemplateAclDirectory, TemplateAclDirectory>()
            .AddScoped<IAuthorizationObjects, TemplateObjects>()
            .AddScoped<IOrganizationContents, TemplateContents>();
        services.AddScoped<IGroupStore, GroupStore>().AddScoped<IFileStore, FileStore>().AddSingleton<IFileBuffers, FileBuffers>();
        services
            .AddSingleton(options.AuditLogs)
            .AddSingleton(options.ConnectionLogs)
            .AddScoped<IConnectionLogStore, ConnectionLogStore>()
            .AddScoped<IConnectionLogUpkeep, ConnectionLogUpkeep>()
            .AddScoped<IWebSessionStore, WebSessionStore>()
            .AddSingleton<ConnectionLogLayout>()
            .AddScoped<IConnectionLogPartitions, ConnectionLogPartitions>()
            .AddScoped<ConnectionLogWriter>()
            .AddSingleton<BufferedConnectionLogger>()
            .AddSingleton<IConnectionIngestion>(s => s.GetRequiredService<BufferedConnectionLogger>())
            .AddSingleton<IConnectionSink>(s => s.GetRequiredService<BufferedConnectionLogger>())
            .AddSingleton<IConnectionSink, ConnectionServiceLog>();
        services.AddScoped<NewResources>().AddScoped<IJobResultStore, JobResultStore>().AddScoped<IBuiltInDaemonStore, BuiltInDaemonStore>();
        services
            .AddScoped<IBuildStore, BuildStore>()
            .AddScoped<IBuildReader, BuildReader>()
            .AddScoped<IBuildDirectory, BuildDirectory>()
            .AddScoped<IWorkspaceCreation, WorkspaceCreation>();
        services
            .AddSingleton(options.Workspaces)
            .AddScoped<IWorkspaceStore, WorkspaceStore>()
            .AddScoped<IWorkspaceList, WorkspaceList>()
            .AddScoped<IWorkspaceDirectory, WorkspaceDirectory>()
            .AddScoped<IWorkspaceQuotas, WorkspaceQuotas>()
            .AddScoped<IWorkspaceSharing, WorkspaceSharing>()
            .AddScoped<IPortShareStore, PortShareStore>()
            .AddScoped<IAuthorizationObjects, WorkspaceObjects>()
            .AddScoped<IUserDeletionGuard, WorkspaceOwners>()
            .AddScoped<IOrganizationContents, WorkspaceContents>()
            .AddScoped<IWorkspaceStatistics, WorkspaceStatisticsReader>();
        services
            .AddScoped<JobReader>()
            .AddScoped<IJobList>(s => s.GetRequiredService<JobReader>())
            .AddScoped<IJobQueue, JobQueue>()
            .AddScoped<IJobLogs, JobLogStore>()
            .AddScoped<IDaemonStore, DaemonStore>()
            .AddScoped<IProvisionerKeyStore, ProvisionerKeyStore>()
            .AddScoped<IQueueStatistics, QueueStatistics>()
            .AddScoped<IBuildAssignments, BuildAssignmentStore>()
            .AddScoped<JobUpkeep>()
            .AddScoped<IReapableJobs>(s => s.GetRequiredService<JobUpkeep>())
            .AddScoped<IJobReadmes>(s => s.GetRequiredService<JobUpkeep>());
        services
            .AddScoped<IConnectionSessions, ConnectionSessions>()
            .AddScoped<IResourceDirectory, ResourceDirectory>()
            .AddScoped<IAgentTokens, AgentTokens>()
            .AddScoped<IAgentReader, AgentReader>()
            .AddScoped<IAgentStore, AgentStore>()
            .AddScoped<IAgentLogStore, AgentLogStore>();
        return services
            .AddScoped<ILicenseStore, LicenseStore>()
            .AddScoped<IUsageCounts, UsageCounts>()
            .AddSingleton<ILicenseVerifier>(new JwtLicenseVerifier(options.LicenseKeys))
            .AddScoped<IEntitlementComputer, EntitlementComputer>()
            .AddSingleton<EntitlementCache>()
            .AddSingleton<IEntitlementSource>(s => s.GetRequiredService<EntitlementCache>())
            .AddSingleton<IEntitlementRefresher>(s => s.GetRequiredService<EntitlementCache>());
    }
}
