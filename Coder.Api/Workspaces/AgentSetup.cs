namespace Coder.Api.Workspaces;

/// <summary>Registers what stands behind the endpoints of agents.</summary>
internal static class AgentSetup
{
    public static void AddAgents(this IServiceCollection services) => services
        .AddSingleton<ExternalAgentPresenter>()
        .AddSingleton<AgentSockets>()
        .AddSingleton<AgentLogFanOut>()
        .AddHostedService(s => s.GetRequiredService<AgentLogFanOut>())
        .AddHostedService<AgentWatchService>();
}
