using Coder.Api.Appearance;
using Coder.Api.Builds;
using Coder.Api.Deployment;
using Coder.Api.Health;
using Coder.Api.Http.Sockets;
using Coder.Api.Notifications;
using Coder.Api.WorkspaceProxies;
using Coder.Api.Workspaces;
using Coder.Application.Health;

namespace Coder.Api.Hosting;

/// <summary>Registers what the deployment says about itself, and what its WebSockets need.</summary>
internal static class DeploymentSetup
{
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(5);

    public static void AddDeployment(this IServiceCollection services)
    {
        services.AddSingleton<DeploymentConfig>();
        services.AddSingleton<AppearanceBody>();
        services.AddSingleton<ProxyPresenter>();
        services.AddSingleton<WorkspacePresenter>().AddSingleton<BuildPresenter>().AddSingleton<BuildLogs>();
        services.AddSingleton<HealthPresenter>();
        services.AddHttpClient(AccessUrlProbe.Client, client => client.Timeout = ProbePatience)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
            .RemoveAllLoggers();
        services.AddSingleton<IAccessUrlProbe, AccessUrlProbe>();
        services.AddSingleton<SocketGate>();
        services.AddSingleton<SocketSessions>();
        services.AddSingleton<InboxFanOut>();
        services.AddSingleton<InboxSockets>();
        services.AddSingleton<WorkspaceFanOut>().AddSingleton<WorkspaceEvents>().AddSingleton<WorkspaceWatching>();
        services.AddHostedService(s => s.GetRequiredService<SocketSessions>());
        services.AddHostedService(s => s.GetRequiredService<InboxFanOut>());
        services.AddHostedService<AppearanceService>();
        services.AddHostedService<DeploymentStatsService>();
    }
}
