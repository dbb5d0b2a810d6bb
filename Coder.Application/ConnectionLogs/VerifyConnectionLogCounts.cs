using Coder.Application.Common;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.ConnectionLogs;

/// <summary>
/// Compares the stored numbers of the connection log, and its table of the sessions that go on, with its rows. Events may arrive meanwhile.
/// </summary>
public sealed record VerifyConnectionLogCounts : IQuery<ConnectionLogDifferences>;

internal sealed class VerifyConnectionLogCountsHandler(IConnectionLogUpkeep upkeep)
    : IRequestHandler<VerifyConnectionLogCounts, Result<ConnectionLogDifferences>>
{
    public async Task<Result<ConnectionLogDifferences>> Handle(VerifyConnectionLogCounts request, CancellationToken cancellationToken) =>
        new ConnectionLogDifferences(
            await upkeep.FindDriftAsync(cancellationToken), await upkeep.FindSessionDriftAsync(cancellationToken));
}
