using Coder.Application.Common;
using Coder.Domain.Common;
using MediatR;
using Microsoft.Extensions.Logging;

namespace Coder.Application.ConnectionLogs;

/// <summary>
/// Puts the stored numbers of the connection log and its table of the sessions that go on right, whatever was done to them. Events may arrive
/// meanwhile.
/// </summary>
/// <remarks>Only the operator sends it. One replica does it at a time; another one waits.</remarks>
public sealed record RebuildConnectionLogCounts : ICommand<ConnectionLogDifferences>;

internal sealed class RebuildConnectionLogCountsHandler(IConnectionLogUpkeep upkeep, ILogger<RebuildConnectionLogCountsHandler> logger)
    : IRequestHandler<RebuildConnectionLogCounts, Result<ConnectionLogDifferences>>
{
    public async Task<Result<ConnectionLogDifferences>> Handle(RebuildConnectionLogCounts request, CancellationToken cancellationToken) =>
        await ConnectionLogRepair.RepairAsync(upkeep, logger, cancellationToken);
}
