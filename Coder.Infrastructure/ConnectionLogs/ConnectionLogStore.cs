using System.Net;
using Coder.Application.ConnectionLogs;
using Coder.Application.Users;
using Coder.Domain.Authorization;
using Coder.Domain.ConnectionLogs;
using Coder.Domain.Users;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.ConnectionLogs;

/// <summary>
/// Reads the log. Whatever a row refers to is looked up for the rows of the page alone (docs/spec/connection-logs.md, section 12.1).
/// </summary>
internal sealed class ConnectionLogStore(DbSession db, IUserDirectory users, ConnectionLogLayout layout) : IConnectionLogStore
{
    private const string PlaceOf = "select c.connect_time, c.id from connection_logs c";

    public async Task<ConnectionLogCursor?> PlaceOfAsync(Guid id, ReadScope scope, CancellationToken ct)
    {
        var filter = new SqlFilter().And("c.id = @id", id, "id").AndScope(scope, ConnectionLogStatements.Columns);
        var rows = await db.QueryAsync<Row>(filter.Between(PlaceOf), ct);
        return rows is [var row] ? new ConnectionLogCursor(row.ConnectTime, row.Id) : null;
    }

    public async Task<IReadOnlyList<ConnectionLogView>> ReadAsync(ConnectionLogQuery query, ConnectionLogWindow window, CancellationToken ct)
    {
        var list = ConnectionLogStatements.List(query, window, await layout.IsPartitionedAsync(db, ct));
        return await ViewsAsync(await db.QueryAsync<Row>(list, ct), ct);
    }

    public async Task<ConnectionLogSlice> ListAsync(
        ConnectionLogQuery query, ConnectionLogWindow window, ConnectionLogCounting counting, CancellationToken ct)
    {
        var isPartitioned = await layout.IsPartitionedAsync(db, ct);
        var list = ConnectionLogStatements.List(query, window, isPartitioned);
        if (!counting.IsWanted)
        {
            return new ConnectionLogSlice(await ViewsAsync(await db.QueryAsync<Row>(list, ct), ct), -1);
        }

        // Numbers that are stored travel with the list. Others are counted only when the page does not tell by itself, as it mostly does;
        // by then the list has given its connection back.
        if (ConnectionLogNumbers.Of(query, counting.Cap) is { } numbers)
        {
            var (rows, read) = await db.QueryWithNumbersAsync<Row>(list, numbers.Statements, ct);
            return new ConnectionLogSlice(await ViewsAsync(rows, ct), Capped(read.Sum(), counting.Cap));
        }

        var page = await db.QueryAsync<Row>(list, ct);
        var isWhole = window.After is null && page.Count < window.Limit && (page.Count > 0 || window.Offset == 0);
        var count = isWhole
            ? Capped(window.Offset + page.Count, counting.Cap)
            : await db.ScalarAsync<long>(ConnectionLogStatements.CountOf(query, counting.Cap, isPartitioned), ct);
        return new ConnectionLogSlice(await ViewsAsync(page, ct), count);
    }

    /// <summary>Reads a name that the database holds.</summary>
    internal static ConnectionType TypeOf(string name) =>
        ConnectionTypes.TryParse(name, out var type) ? type : throw new ArgumentOutOfRangeException(nameof(name), name, "not a connection type");

    private static long Capped(long count, long? cap) => cap is { } most ? Math.Min(count, most + 1) : count;

    private async Task<IReadOnlyList<ConnectionLogView>> ViewsAsync(IReadOnlyList<Row> rows, CancellationToken ct)
    {
        var ids = rows.Where(r => r.UserId is not null).Select(r => r.UserId!.Value).ToHashSet();
        var people = ids.Count == 0 ? [] : (await users.FindAsync(ids, ct)).ToDictionary(u => u.Id);
        return [.. rows.Select(r => r.ToView(r.UserId is { } id ? people.GetValueOrDefault(id) : null))];
    }

    private sealed record Row
    {
        public Guid Id { get; init; }

        public DateTimeOffset ConnectTime { get; init; }

        public Guid OrganizationId { get; init; }

        public Guid WorkspaceOwnerId { get; init; }

        public Guid WorkspaceId { get; init; }

        public string WorkspaceName { get; init; } = "";

        public string AgentName { get; init; } = "";

        public string Type { get; init; } = "";

        public string? Ip { get; init; }

        public int? Code { get; init; }

        public string? UserAgent { get; init; }

        public Guid? UserId { get; init; }

        public string? SlugOrPort { get; init; }

        public Guid? ConnectionId { get; init; }

        public DateTimeOffset? DisconnectTime { get; init; }

        public string? DisconnectReason { get; init; }

        public string? OrganizationName { get; init; }

        public string? OrganizationDisplayName { get; init; }

        public string? OrganizationIcon { get; init; }

        public string? OwnerUsername { get; init; }

        public ConnectionLogView ToView(User? user) => new(
            new ConnectionLogEntry
            {
                Id = Id,
                ConnectTime = ConnectTime,
                OrganizationId = OrganizationId,
                WorkspaceOwnerId = WorkspaceOwnerId,
                WorkspaceId = WorkspaceId,
                WorkspaceName = WorkspaceName,
                AgentName = AgentName,
                Type = TypeOf(Type),
                Ip = Ip is null ? null : IPAddress.Parse(Ip),
                Code = Code,
                UserAgent = UserAgent,
                UserId = UserId,
                SlugOrPort = SlugOrPort,
                ConnectionId = ConnectionId,
                DisconnectTime = DisconnectTime,
                DisconnectReason = DisconnectReason,
            },
            new ConnectionLogOrganization(OrganizationId, OrganizationName ?? "", OrganizationDisplayName ?? "", OrganizationIcon ?? ""),
            OwnerUsername ?? "",
            user);
    }
}
