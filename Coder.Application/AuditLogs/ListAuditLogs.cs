using System.Runtime.CompilerServices;
using Coder.Application.Common;
using Coder.Domain.AuditLogs;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using MediatR;

namespace Coder.Application.AuditLogs;

/// <summary>A page of the audit log, newest first; not gated by the license (docs/spec/connection-logs.md, section 7.4).</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Search">See <see cref="AuditLogQueryParser"/>.</param>
/// <param name="Page">Which part; a limit of 0 is 100.</param>
[RequiresPermission(ResourceType.AuditLog, PermissionAction.Read, AnyOrganization = true)]
public sealed record ListAuditLogs(Actor Actor, string Search, Page Page) : IQuery<AuditLogPage>, IActorRequest;

/// <summary>A part of the audit log. What is longer than a thousand entries is read while it is passed on.</summary>
/// <param name="Entries">The part; to be read once.</param>
/// <param name="Count">How many entries match in all.</param>
public sealed record AuditLogPage(IAsyncEnumerable<AuditLogView> Entries, long Count);

internal sealed class ListAuditLogsHandler(IAuditLogReader log, AuditLogSearch search, AuditLogViews views)
    : IRequestHandler<ListAuditLogs, Result<AuditLogPage>>
{
    private const int DefaultLimit = 100;
    private const int Chunk = 1_000;

    public async Task<Result<AuditLogPage>> Handle(ListAuditLogs request, CancellationToken cancellationToken)
    {
        if (!(await search.ResolveAsync(request.Actor, request.Search, cancellationToken)).Is(out var filter, out var error))
        {
            return error;
        }

        var scope = Authorizer.ReadScope(request.Actor, ResourceType.AuditLog);
        if (scope.Kind == ReadScopeKind.None || filter.Users is [])
        {
            return new AuditLogPage(ReadAsync(filter, scope, [], 0, cancellationToken), 0);
        }

        var (limit, offset) = (request.Page.Limit == 0 ? DefaultLimit : request.Page.Limit, request.Page.Offset);
        var first = await log.ListAsync(filter, scope, Math.Min(limit, Chunk), offset, null, cancellationToken);

        // A first page that is not full has counted itself.
        var count = offset == 0 && first.Count < Math.Min(limit, Chunk)
            ? first.Count
            : await log.CountAsync(filter, scope, cancellationToken);
        return new AuditLogPage(ReadAsync(filter, scope, first, limit, cancellationToken), count);
    }

    private async IAsyncEnumerable<AuditLogView> ReadAsync(
        ResolvedAuditFilter filter,
        ReadScope scope,
        IReadOnlyList<AuditRecord> chunk,
        int limit,
        [EnumeratorCancellation] CancellationToken ct)
    {
        for (var left = limit - chunk.Count; chunk.Count > 0; left -= chunk.Count)
        {
            foreach (var view in await views.OfAsync(chunk, ct))
            {
                yield return view;
            }

            var last = chunk[^1].Entry;
            chunk = left > 0 && chunk.Count == Chunk
                ? await log.ListAsync(filter, scope, Math.Min(left, Chunk), 0, new AuditCursor(last.Time, last.Id), ct)
                : [];
        }
    }
}
