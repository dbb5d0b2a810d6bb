using Coder.Application.Common;
using Coder.Domain.Common;
using MediatR;
using Microsoft.Extensions.Logging;

namespace Coder.Application.ConnectionLogs;

/// <summary>
/// Does what <see cref="RebuildConnectionLogCounts"/> does, once a day for all replicas together (docs/spec/connection-logs.md, section 12.3).
/// Whether it was done now is answered.
/// </summary>
/// <remarks>Only the server itself sends it. A day counts from the beginning of a check, also of one that failed: it reads all of the log.</remarks>
public sealed record CheckConnectionLog : ICommand<bool>;

internal sealed class CheckConnectionLogHandler(IConnectionLogUpkeep upkeep, ILogger<CheckConnectionLogHandler> logger)
    : IRequestHandler<CheckConnectionLog, Result<bool>>
{
    private static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    public async Task<Result<bool>> Handle(CheckConnectionLog request, CancellationToken cancellationToken) =>
        await upkeep.TryCheckAsync(Interval, ct => ConnectionLogRepair.RepairAsync(upkeep, logger, ct), cancellationToken);
}
