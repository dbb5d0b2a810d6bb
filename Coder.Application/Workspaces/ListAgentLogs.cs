using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.Workspaces;

/// <summary>Reads the log of an agent, which is never longer than 1 MiB.</summary>
public sealed record ListAgentLogs(Actor Actor, string Id, AgentLogRange Range) : IQuery<IReadOnlyList<StoredAgentLog>>, IActorRequest;

internal sealed class ListAgentLogsHandler(AgentLookup agents, IAgentLogStore logs)
    : IRequestHandler<ListAgentLogs, Result<IReadOnlyList<StoredAgentLog>>>
{
    public async Task<Result<IReadOnlyList<StoredAgentLog>>> Handle(ListAgentLogs request, CancellationToken cancellationToken) =>
        (await agents.FindAsync(request.Actor, request.Id, cancellationToken)).Is(out var place, out var error)
            ? Result<IReadOnlyList<StoredAgentLog>>.From(await logs.ReadAsync(place.AgentId, request.Range, cancellationToken))
            : error;
}
