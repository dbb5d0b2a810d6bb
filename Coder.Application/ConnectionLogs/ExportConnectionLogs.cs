using System.Runtime.CompilerServices;
using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.ConnectionLogs;
using Coder.Domain.Licensing;
using MediatR;
using Microsoft.Extensions.Logging;

namespace Coder.Application.ConnectionLogs;

/// <summary>All rows that match, oldest first (docs/spec/connection-logs.md, section 12.7).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Search">See <see cref="ConnectionLogQueryParser"/>.</param>
/// <param name="Cursor">Goes on after this place: a cursor, or the id of a row that the caller may see; empty to begin at the beginning.</param>
[RequiresFeature(FeatureName.ConnectionLog)]
public sealed record ExportConnectionLogs(Actor Actor, string Search, string Cursor) : IQuery<ConnectionLogExport>, IActorRequest;

/// <summary>An export that runs while it is read, with flat memory.</summary>
/// <param name="Batches">To be read once.</param>
public sealed record ConnectionLogExport(IAsyncEnumerable<IReadOnlyList<ConnectionLogView>> Batches);

internal sealed class ExportConnectionLogsHandler(
    IConnectionLogStore log, ConnectionLogSearch search, ILogger<ExportConnectionLogsHandler> logger)
    : IRequestHandler<ExportConnectionLogs, Result<ConnectionLogExport>>
{
    private const int Batch = 1_000;
    private const string Field = "cursor";

    public async Task<Result<ConnectionLogExport>> Handle(ExportConnectionLogs request, CancellationToken cancellationToken)
    {
        if (!(await PlaceOfAsync(request, cancellationToken)).Is(out var after, out var error)
            || !(await search.ResolveAsync(request.Actor, request.Search, cancellationToken)).Is(out var query, out error))
        {
            return error;
        }

        // Read before the answer begins, while a failure can still be told.
        var first = query is null ? [] : await log.ReadAsync(query, Window(after), cancellationToken);
        return new ConnectionLogExport(ReadAsync(request, query, first, cancellationToken));
    }

    private async IAsyncEnumerable<IReadOnlyList<ConnectionLogView>> ReadAsync(
        ExportConnectionLogs request,
        ConnectionLogQuery? query,
        IReadOnlyList<ConnectionLogView> batch,
        [EnumeratorCancellation] CancellationToken ct)
    {
        long rows = 0;
        var isComplete = false;
        try
        {
            while (batch.Count > 0)
            {
                yield return batch;
                rows += batch.Count;
                batch = batch.Count < Batch ? [] : await log.ReadAsync(query!, Window(batch[^1].Place), ct);
            }

            isComplete = true;
        }
        finally
        {
            ConnectionLogsLog.Exported(logger, request.Actor.UserId, request.Actor.Username, request.Search, rows, isComplete);
        }
    }

    private async Task<Result<ConnectionLogCursor?>> PlaceOfAsync(ExportConnectionLogs request, CancellationToken ct)
    {
        if (request.Cursor.Length == 0)
        {
            return Result<ConnectionLogCursor?>.From((ConnectionLogCursor?)null);
        }

        if (Guid.TryParseExact(request.Cursor, "D", out var id))
        {
            return (await search.PlaceOfAsync(request.Actor, id, Field, ct)).Match(
                place => Result<ConnectionLogCursor?>.From(place), Result<ConnectionLogCursor?>.From);
        }

        return ConnectionLogCursor.TryParse(request.Cursor, out var cursor)
            ? Result<ConnectionLogCursor?>.From(cursor)
            : ConnectionLogSearch.InvalidParameters(new FieldError(Field, "Query param \"cursor\" must be a cursor that was given out"));
    }

    private static ConnectionLogWindow Window(ConnectionLogCursor? after) => new(Batch, After: after, OldestFirst: true);
}
