using Coder.Application.Common;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.ConnectionLogs;

/// <summary>Ends the sessions that builds have left behind without saying so, for example of a server that died.</summary>
/// <remarks>Only the server itself sends it.</remarks>
public sealed record CloseOrphanedSessions : ICommand<int>;

internal sealed class CloseOrphanedSessionsHandler(IConnectionSessions sessions, TimeProvider time)
    : IRequestHandler<CloseOrphanedSessions, Result<int>>
{
    private const int Batch = 1_000;
    private const int MostBatches = 20;

    public async Task<Result<int>> Handle(CloseOrphanedSessions request, CancellationToken cancellationToken)
    {
        var closed = 0;
        for (var (last, batches) = (Batch, 0); last == Batch && batches < MostBatches; batches++)
        {
            last = await sessions.SweepOrphansAsync(time.GetUtcNow().ToMicroseconds(), Batch, cancellationToken);
            closed += last;
        }

        return closed;
    }
}
