using Coder.Application.Common;
using Coder.Domain.Common;
using Coder.Domain.Workspaces;
using FluentValidation;
using MediatR;

namespace Coder.Application.Workspaces;

/// <summary>Takes how far an agent is in its life (docs/spec/workspaces.md, section 5).</summary>
/// <param name="Agent">Who reports.</param>
/// <param name="State">One of the states of <see cref="AgentLifecycle"/>.</param>
/// <param name="ChangedAt">When that happened; now if it is left out, is year 1, or lies ahead.</param>
public sealed record ReportAgentLifecycle(AgentSession Agent, string State, DateTimeOffset? ChangedAt) : ICommand<Done>, ITransactional;

internal sealed class ReportAgentLifecycleValidator : AbstractValidator<ReportAgentLifecycle>
{
    public ReportAgentLifecycleValidator() =>
        this.Field(r => r.State, "state").Required().Tagged("agent_lifecycle", state => AgentLifecycles.TryParse(state, out _));
}

internal sealed class ReportAgentLifecycleHandler(IAgentStore agents, TimeProvider time) : IRequestHandler<ReportAgentLifecycle, Result<Done>>
{
    public async Task<Result<Done>> Handle(ReportAgentLifecycle request, CancellationToken cancellationToken)
    {
        var state = AgentLifecycles.TryParse(request.State, out var known)
            ? known
            : throw new InvalidOperationException("The validator knew it.");
        var now = time.GetUtcNow().ToMicroseconds();
        var at = request.ChangedAt is { Year: > 1 } changed && changed < now ? changed.ToMicroseconds() : now;
        var progress = await agents.LockProgressAsync(request.Agent.AgentId, cancellationToken);
        await agents.SaveProgressAsync(request.Agent.AgentId, progress.Report(state, at), now, cancellationToken);
        return Done.Value;
    }
}
