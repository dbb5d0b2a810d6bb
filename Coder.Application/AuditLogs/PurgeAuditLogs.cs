using Coder.Application.Common;
using Coder.Domain.Common;
using MediatR;
using Microsoft.Extensions.Logging;

namespace Coder.Application.AuditLogs;

/// <summary>Removes legacy connection events, and whatever is older than the operator wants to keep (docs/spec/connection-logs.md, section 9).</summary>
/// <remarks>Only the server itself sends it: nobody has a right to delete from the log.</remarks>
/// <param name="Until">When to stop, however much is left for the next time.</param>
public sealed record PurgeAuditLogs(DateTimeOffset Until) : ICommand<PurgedAuditLogs>;

/// <summary>How much was removed.</summary>
/// <param name="ConnectionEvents">Legacy connection events.</param>
/// <param name="Entries">Other entries.</param>
public sealed record PurgedAuditLogs(int ConnectionEvents, int Entries);

/// <summary>How long the audit log is kept.</summary>
/// <param name="Retention">Zero keeps entries for ever (<c>CODER_AUDIT_LOGS_RETENTION</c>).</param>
public sealed record AuditLogOptions(TimeSpan Retention);

internal sealed partial class PurgeAuditLogsHandler(
    IAuditLogPurge purge, AuditLogOptions options, TimeProvider time, ILogger<PurgeAuditLogsHandler> logger)
    : IRequestHandler<PurgeAuditLogs, Result<PurgedAuditLogs>>
{
    private const int ConnectionEventsATick = 1_000;
    private const int Batch = 10_000;
    private static readonly TimeSpan ConnectionEventsAge = TimeSpan.FromDays(90);

    public async Task<Result<PurgedAuditLogs>> Handle(PurgeAuditLogs request, CancellationToken cancellationToken)
    {
        var removed = new PurgedAuditLogs(0, 0);
        await purge.TryAloneAsync(async ct => removed = await PurgeAsync(request.Until, ct), cancellationToken);
        if (removed is not (0, 0))
        {
            LogPurged(logger, removed.ConnectionEvents, removed.Entries);
        }

        return removed;
    }

    private async Task<PurgedAuditLogs> PurgeAsync(DateTimeOffset until, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var events = await purge.DeleteConnectionEventsAsync(now - ConnectionEventsAge, ConnectionEventsATick, ct);
        var entries = 0;
        for (var last = Batch; options.Retention > TimeSpan.Zero && last == Batch && time.GetUtcNow() < until; entries += last)
        {
            last = await purge.DeleteEntriesAsync(now.Before(options.Retention), Batch, ct);
        }

        return new PurgedAuditLogs(events, entries);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed {ConnectionEvents} legacy connection events and {Entries} other entries of the audit log")]
    private static partial void LogPurged(ILogger logger, int connectionEvents, int entries);
}
