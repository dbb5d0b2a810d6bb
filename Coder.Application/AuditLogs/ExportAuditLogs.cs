using System.Runtime.CompilerServices;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;
using Microsoft.Extensions.Logging;

namespace Coder.Application.AuditLogs;

/// <summary>All entries that match, oldest first (docs/spec/connection-logs.md, section 12.7).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Search">See <see cref="AuditLogQueryParser"/>.</param>
/// <param name="After">Goes on after this entry, which the caller must be able to see; <see langword="null"/> to begin at the beginning.</param>
[RequiresPermission(ResourceType.AuditLog, PermissionAction.Read, AnyOrganization = true)]
public sealed record ExportAuditLogs(Actor Actor, string Search, Guid? After) : IQuery<AuditLogExport>, IActorRequest;

/// <summary>An export that runs while it is read, with flat memory.</summary>
/// <param name="Batches">To be read once.</param>
public sealed record AuditLogExport(IAsyncEnumerable<IReadOnlyList<AuditLogView>> Batches);

internal sealed partial class ExportAuditLogsHandler(
    IAuditLogReader log, AuditLogSearch search, AuditLogViews views, ILogger<ExportAuditLogsHandler> logger)
    : IRequestHandler<ExportAuditLogs, Result<AuditLogExport>>
{
    private const int Batch = 1_000;

    private static readonly FieldError Unseen = new("cursor", "Query param \"cursor\" must be an entry of the audit log that you can see");

    public async Task<Result<AuditLogExport>> Handle(ExportAuditLogs request, CancellationToken cancellationToken)
    {
        if (!(await search.ResolveAsync(request.Actor, request.Search, cancellationToken)).Is(out var filter, out var error))
        {
            return error;
        }

        var scope = Authorizer.ReadScope(request.Actor, ResourceType.AuditLog);
        AuditCursor? after = null;
        if (request.After is { } id && (after = await log.FindAsync(id, scope, cancellationToken)) is null)
        {
            return new Error(ErrorKind.Invalid, "Query parameters have invalid values.", null, [Unseen]);
        }

        // Read before the answer begins, while a failure can still be told.
        var first = scope.Kind == ReadScopeKind.None || filter.Users is []
            ? []
            : await log.NextAsync(filter, scope, after, Batch, cancellationToken);
        return new AuditLogExport(ReadAsync(request, filter, scope, first, cancellationToken));
    }

    private async IAsyncEnumerable<IReadOnlyList<AuditLogView>> ReadAsync(
        ExportAuditLogs request,
        ResolvedAuditFilter filter,
        ReadScope scope,
        IReadOnlyList<AuditRecord> batch,
        [EnumeratorCancellation] CancellationToken ct)
    {
        var rows = 0L;
        try
        {
            while (batch.Count > 0)
            {
                yield return await views.OfAsync(batch, ct);
                rows += batch.Count;
                var last = batch[^1].Entry;
                batch = batch.Count < Batch ? [] : await log.NextAsync(filter, scope, new AuditCursor(last.Time, last.Id), Batch, ct);
            }
        }
        finally
        {
            LogExported(logger, request.Actor.UserId, request.Actor.Username, request.Search, rows);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "User {UserId} ({Username}) exported {Rows} entries of the audit log with the filter {Filter}")]
    private static partial void LogExported(ILogger logger, Guid userId, string username, string filter, long rows);
}
