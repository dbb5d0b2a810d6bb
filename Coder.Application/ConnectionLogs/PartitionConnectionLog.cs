using Coder.Application.Common;
using Coder.Domain.Common;
using MediatR;
using Microsoft.Extensions.Logging;

namespace Coder.Application.ConnectionLogs;

/// <summary>
/// Divides the connection log by month (docs/spec/connection-logs.md, section 12.6). There is no way back but a copy of the database.
/// Whether it was done now is answered: <see langword="false"/> says that it had been done before.
/// </summary>
/// <remarks>Only the operator sends it. Servers may run meanwhile, see <see cref="IConnectionLogPartitions.DivideAsync"/>.</remarks>
public sealed record PartitionConnectionLog : ICommand<bool>;

internal sealed class PartitionConnectionLogHandler(IConnectionLogPartitions partitions, ILogger<PartitionConnectionLogHandler> logger)
    : IRequestHandler<PartitionConnectionLog, Result<bool>>
{
    public async Task<Result<bool>> Handle(PartitionConnectionLog request, CancellationToken cancellationToken)
    {
        var outcome = await partitions.DivideAsync(cancellationToken);
        if (outcome.Is(out var isNew, out _) && isNew)
        {
            ConnectionLogsLog.Partitioned(logger);
        }

        return outcome;
    }
}
