using System.Runtime.CompilerServices;
using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.ConnectionLogs;
using Coder.Domain.Licensing;
using MediatR;

namespace Coder.Application.ConnectionLogs;

/// <summary>A page of the connection log, newest first (docs/spec/connection-logs.md, section 7.1).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Search">See <see cref="ConnectionLogQueryParser"/>.</param>
/// <param name="Page">Which part; a limit of 0 is 100, and the row that it comes after must be one that the caller may see.</param>
/// <param name="Cursor">The place that the part comes after; not together with <see cref="Page.AfterId"/>.</param>
/// <param name="Counting">How the count is wanted.</param>
[RequiresFeature(FeatureName.ConnectionLog)]
public sealed record ListConnectionLogs(
    Actor Actor, string Search, Page Page, ConnectionLogCursor? Cursor, ConnectionLogCounting Counting)
    : IQuery<ConnectionLogPage>, IActorRequest;

/// <summary>A page. What is longer than a thousand rows is read while it is passed on.</summary>
public sealed class ConnectionLogPage
{
    private readonly IReadOnlyList<ConnectionLogView> _first;
    private readonly Func<ConnectionLogCursor, long, CancellationToken, Task<IReadOnlyList<ConnectionLogView>>> _next;
    private readonly long _limit;

    internal ConnectionLogPage(
        IReadOnlyList<ConnectionLogView> first,
        long limit,
        long count,
        long? countCap,
        Func<ConnectionLogCursor, long, CancellationToken, Task<IReadOnlyList<ConnectionLogView>>> next)
    {
        _first = first;
        _limit = limit;
        _next = next;
        Count = count;
        CountCap = countCap;
    }

    /// <summary>How many rows are held at once.</summary>
    internal const int Chunk = 1_000;

    /// <summary>How many rows match in all; -1 when that was not asked for.</summary>
    public long Count { get; }

    /// <summary>Where counting stopped: a greater count means more than this.</summary>
    public long? CountCap { get; }

    /// <summary>The place to go on from, or <see langword="null"/> when there is no more. Known once all rows were read.</summary>
    public ConnectionLogCursor? NextCursor { get; private set; }

    internal static ConnectionLogPage Empty(ConnectionLogCounting counting) => new(
        [], 0, counting.IsWanted ? 0 : -1, counting.Cap, (_, _, _) => Task.FromResult<IReadOnlyList<ConnectionLogView>>([]));

    /// <summary>The rows. To be read once.</summary>
    public async IAsyncEnumerable<ConnectionLogView> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var chunk = _first;
        for (var left = _limit; left > 0;)
        {
            // One row more was read than is shown, to know whether there is one.
            var shown = (int)Math.Min(Math.Min(left, Chunk), chunk.Count);
            for (var i = 0; i < shown; i++)
            {
                yield return chunk[i];
            }

            left -= shown;
            if (chunk.Count <= shown)
            {
                yield break;
            }

            if (left == 0)
            {
                NextCursor = chunk[shown - 1].Place;
                yield break;
            }

            chunk = await _next(chunk[shown - 1].Place, Math.Min(left, Chunk) + 1, ct);
        }
    }
}

internal sealed class ListConnectionLogsHandler(IConnectionLogStore log, ConnectionLogSearch search)
    : IRequestHandler<ListConnectionLogs, Result<ConnectionLogPage>>
{
    private const int DefaultLimit = 100;

    public async Task<Result<ConnectionLogPage>> Handle(ListConnectionLogs request, CancellationToken cancellationToken)
    {
        var after = request.Cursor;
        if (request.Page.AfterId is { } id)
        {
            if (!(await search.PlaceOfAsync(request.Actor, id, "after_id", cancellationToken)).Is(out var place, out var unseen))
            {
                return unseen;
            }

            after = place;
        }

        if (!(await search.ResolveAsync(request.Actor, request.Search, cancellationToken)).Is(out var query, out var error))
        {
            return error;
        }

        if (query is null)
        {
            return ConnectionLogPage.Empty(request.Counting);
        }

        long limit = request.Page.Limit == 0 ? DefaultLimit : request.Page.Limit;
        var window = new ConnectionLogWindow(Math.Min(limit, ConnectionLogPage.Chunk) + 1, request.Page.Offset, after);
        var slice = await log.ListAsync(query, window, request.Counting, cancellationToken);
        return new ConnectionLogPage(
            slice.Views,
            limit,
            slice.Count,
            request.Counting.Cap,
            (place, rows, ct) => log.ReadAsync(query, new ConnectionLogWindow(rows, After: place), ct));
    }
}
