using Coder.Application.AuditLogs;
using Coder.Application.Builds;
using Coder.Application.Common;
using Coder.Application.Common.Behaviors;
using Coder.Application.ConnectionLogs;
using Coder.Application.Deployment;
using Coder.Application.Health;
using Coder.Application.Licensing;
using Coder.Application.Organizations;
using Coder.Application.Provisioning;
using Coder.Application.Templates;
using Coder.Application.Users;
using Coder.Application.WorkspaceProxies;
using Coder.Application.Workspaces;
using FluentValidation;
using Microsoft.Extensions.DependencyInjection;

namespace Coder.Application;

/// <summary>Registers the use cases.</summary>
public static class DependencyInjection
{
    /// <summary>Adds all handlers, validators and the behaviours that stand around each handler. Ports come from the infrastructure.</summary>
    public static IServiceCollection AddCoderApplication(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);

        // The culture of the machine must not change what clients read.
        ValidatorOptions.Global.LanguageManager.Enabled = false;
        foreach (var found in AssemblyScanner.FindValidatorsInAssembly(typeof(DependencyInjection).Assembly, includeInternalTypes: true))
        {
            services.AddSingleton(found.InterfaceType, found.ValidatorType);
        }

        services.AddSingleton<GateKeeper>();
        services.AddScoped<SessionAuthenticator>();
        services.AddScoped<LicenseIntake>();
        services.AddScoped<AuditTrail>().AddScoped<AuditLogSearch>().AddScoped<AuditLogViews>();
        services.AddScoped<UserLookup>();
        services.AddScoped<UserTargets>().AddScoped<KeyLookup>().AddScoped<ApiKeyIssuer>().AddSingleton<PasscodeRequests>();
        services.AddScoped<OrganizationLookup>();
        services.AddScoped<ITemplateDirectory, TemplateDirectory>().AddScoped<TemplateLookup>().AddScoped<TemplateViews>();
        services.AddScoped<DryRunLookup>().AddScoped<ScheduleUpdater>().AddScoped<VersionViews>().AddScoped<VersionArchive>();
        services.AddSingleton<DeploymentStatsCache>();
        services.AddSingleton<HealthMonitor>();
        services.AddScoped<ProxyDirectory>();
        services.AddScoped<ProxyAuthenticator>();
        services.AddSingleton<IConnectionLogger, ConnectionLogger>().AddSingleton<WebSessionCache>();
        services.AddScoped<WebConnectionRecorder>().AddScoped<ConnectionLogSearch>();
        services.AddScoped<ProvisionerChoice>().AddScoped<TemplateSources>().AddScoped<IJobResults, JobResults>();
        services.AddScoped<BuiltInJob>().AddSingleton<IBuiltInDaemons, BuiltInDaemons>();
        services.AddScoped<BuildPlanner>().AddScoped<BuildGate>().AddScoped<WorkspaceBuilder>().AddScoped<BuildLookup>();
        services.AddScoped<WorkspaceTemplates>().AddScoped<WorkspaceCreator>();
        services.AddScoped<WorkspaceTargets>().AddScoped<AppliedTemplates>();
        services.AddSingleton<JobSignals>();
        services.AddScoped<DaemonAuthenticator>().AddScoped<DaemonAccess>().AddScoped<HeldJobs>().AddScoped<JobAssignments>();
        services.AddScoped<AgentAuthenticator>().AddScoped<AgentLookup>();
        return services.AddMediatR(c =>
        {
            c.RegisterServicesFromAssembly(typeof(DependencyInjection).Assembly);
            c.AddOpenBehavior(typeof(TelemetryBehavior<,>));
            c.AddOpenBehavior(typeof(AuditRefusalBehavior<,>));
            c.AddOpenBehavior(typeof(GateBehavior<,>));
            c.AddOpenBehavior(typeof(ValidationBehavior<,>));
            c.AddOpenBehavior(typeof(AuditFailureBehavior<,>));
            c.AddOpenBehavior(typeof(TransactionBehavior<,>));
            c.AddOpenBehavior(typeof(AuditSuccessBehavior<,>));
        });
    }
}
