namespace Coder.Domain.Workspaces;

/// <summary>How far an agent is in its life, and when it got there.</summary>
/// <param name="State">What it last reported.</param>
/// <param name="StartedAt">When its start scripts began.</param>
/// <param name="ReadyAt">When its start scripts ended, well or not.</param>
/// <param name="EndedAt">When it said goodbye.</param>
public readonly record struct AgentProgress(
    AgentLifecycle State, DateTimeOffset? StartedAt, DateTimeOffset? ReadyAt, DateTimeOffset? EndedAt)
{
    /// <summary>Takes a report. Any state may follow any other: an agent may start again at any time, and reports may get lost.</summary>
    /// <param name="state">What it reports.</param>
    /// <param name="at">When that happened, as it says.</param>
    public AgentProgress Report(AgentLifecycle state, DateTimeOffset at) => state switch
    {
        AgentLifecycle.Created => new AgentProgress(state, null, null, null),
        AgentLifecycle.Starting => new AgentProgress(state, at, null, null),
        AgentLifecycle.Ready or AgentLifecycle.StartTimeout or AgentLifecycle.StartError =>
            new AgentProgress(state, StartedAt ?? at, at, null),
        AgentLifecycle.Off => this with { State = state, EndedAt = at },
        _ => this with { State = state, EndedAt = null },
    };
}
