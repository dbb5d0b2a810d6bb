using Coder.Application.Common;
using Coder.Domain.Common;
using MediatR;
using Microsoft.Extensions.Logging;

namespace Coder.Application.ConnectionLogs;

/// <summary>Puts the stored numbers of the connection log right, whatever was done to them. Events may arrive meanwhile.</summary>
/// <remarks>Only the server and its operator send it. One replica does it at a time; another one waits.</remarks>
public sealed record RebuildConnectionLogCounts : ICommand<IReadOnlyList<ConnectionLogDrift>>;

internal sealed class RebuildConnectionLogCountsHandler(IConnectionLogUpkeep upkeep, ILogger<RebuildConnectionLogCountsHandler> logger)
    : IRequestHandler<RebuildConnectionLogCounts, Result<IReadOnlyList<ConnectionLogDrift>>>
{
    public async Task<Result<IReadOnlyList<ConnectionLogDrift>>> Handle(
        RebuildConnectionLogCounts request, CancellationToken cancellationToken)
    {
        var drift = await upkeep.RepairAsync(cancellationToken);
        if (drift.Count > 0)
        {
            ConnectionLogsLog.DriftRepaired(logger, drift.Count, drift.Sum(d => Math.Max(Math.Abs(d.Missing), Math.Abs(d.MissingOngoing))));
        }

        return Result<IReadOnlyList<ConnectionLogDrift>>.From(drift);
    }
}
