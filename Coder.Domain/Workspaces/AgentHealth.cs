namespace Coder.Domain.Workspaces;

/// <summary>Whether somebody should look at an agent.</summary>
/// <param name="Reason">Why; empty for a healthy agent.</param>
public readonly record struct AgentHealth(string Reason)
{
    /// <summary>Nothing is wrong with it. One that is still starting, or takes long to start, is healthy too.</summary>
    public bool IsHealthy => Reason.Length == 0;

    /// <summary>Judges an agent. Not being heard of weighs more than what it last said of itself.</summary>
    public static AgentHealth Of(AgentStatus status, AgentLifecycle lifecycle) => new((status, lifecycle) switch
    {
        (not AgentStatus.Connected, AgentLifecycle.Off) => "The agent has ended.",
        (AgentStatus.Timeout, _) => "The agent has not connected in the time that its template allows.",
        (AgentStatus.Disconnected, _) => "The agent was connected and is not heard of any more.",
        (_, AgentLifecycle.StartError) => "A start script of the agent failed.",
        (_, AgentLifecycle.ShuttingDown or AgentLifecycle.ShutdownTimeout or AgentLifecycle.ShutdownError or AgentLifecycle.Off) =>
            "The agent is shutting down.",
        _ => "",
    });
}
