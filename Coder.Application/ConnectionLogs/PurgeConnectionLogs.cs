using Coder.Application.Common;
using Coder.Domain.Common;
using MediatR;
using Microsoft.Extensions.Logging;

namespace Coder.Application.ConnectionLogs;

/// <summary>
/// Removes rows that the operator does not want to keep, and sessions of applications that are over (docs/spec/connection-logs.md, section 9).
/// Where the log is divided by month it makes the months to come, too.
/// </summary>
/// <remarks>Only the server itself sends it: nobody has a right to delete from the log.</remarks>
/// <param name="Until">When to stop, however much is left for the next time.</param>
public sealed record PurgeConnectionLogs(DateTimeOffset Until) : ICommand<PurgedConnectionLogs>;

/// <summary>How much was removed.</summary>
/// <param name="Rows">Of the connection log.</param>
/// <param name="WebSessions">Sessions that were not seen for a day.</param>
public sealed record PurgedConnectionLogs(long Rows, int WebSessions);

/// <summary>How long the connection log is kept.</summary>
/// <param name="Retention">Zero keeps rows for ever (<c>CODER_CONNECTION_LOGS_RETENTION</c>).</param>
public sealed record ConnectionLogOptions(TimeSpan Retention);

internal sealed class PurgeConnectionLogsHandler(
    IConnectionLogUpkeep upkeep,
    IConnectionLogPartitions partitions,
    IWebSessionStore sessions,
    ConnectionLogOptions options,
    TimeProvider time,
    ILogger<PurgeConnectionLogsHandler> logger)
    : IRequestHandler<PurgeConnectionLogs, Result<PurgedConnectionLogs>>
{
    private const int Batch = 10_000;
    private static readonly TimeSpan WebSessionAge = TimeSpan.FromDays(1);

    public async Task<Result<PurgedConnectionLogs>> Handle(PurgeConnectionLogs request, CancellationToken cancellationToken)
    {
        var removed = new PurgedConnectionLogs(0, 0);
        await upkeep.TryAloneAsync(async ct => removed = await PurgeAsync(request.Until, ct), cancellationToken);
        if (removed is not (0, 0))
        {
            ConnectionLogsLog.Purged(logger, removed.Rows, removed.WebSessions);
        }

        return removed;
    }

    private async Task<PurgedConnectionLogs> PurgeAsync(DateTimeOffset until, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var webSessions = await sessions.PurgeAsync(now - WebSessionAge, ct);
        var isPartitioned = await partitions.PrepareAsync(ct);
        if (options.Retention <= TimeSpan.Zero)
        {
            return new PurgedConnectionLogs(0, webSessions);
        }

        var (before, ongoingBefore) = (now.Before(options.Retention), now.Before(options.Retention * 2));
        var rows = 0L;
        while (isPartitioned && time.GetUtcNow() < until && await partitions.DropAsync(before, ongoingBefore, ct) is { } dropped)
        {
            rows += dropped;
        }

        for (var last = Batch; last == Batch && time.GetUtcNow() < until; rows += last)
        {
            last = await upkeep.DeleteAsync(before, ongoingBefore, Batch, ct);
        }

        return new PurgedConnectionLogs(rows, webSessions);
    }
}
