using Coder.Application.ConnectionLogs;
using Coder.Domain.Authorization;
using Coder.Domain.ConnectionLogs;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.ConnectionLogs;

/// <summary>
/// Counts from the numbers that are stored by day, organization and type: whole days are added up, the days at both ends of a time range are
/// counted, and so are the few sessions that go on (docs/spec/connection-logs.md, section 12.3 b).
/// </summary>
internal sealed class ConnectionLogNumbers
{
    private static readonly ScopeColumns Columns = new(organization: "n.organization_id");

    private readonly List<SqlText> _statements = [];
    private int _subtracted;

    private ConnectionLogNumbers()
    {
    }

    /// <summary>Each makes one number.</summary>
    public IReadOnlyList<SqlText> Statements => _statements;

    /// <summary>The numbers of a query, or <see langword="null"/> when it asks for something that the stored numbers do not tell apart.</summary>
    public static ConnectionLogNumbers? Of(ConnectionLogQuery query)
    {
        if (query.IsNarrow)
        {
            return null;
        }

        var numbers = new ConnectionLogNumbers();
        if (query.Status == SessionStatus.Ongoing)
        {
            numbers._statements.Add(Count(query));
            return numbers;
        }

        if (query.Status == SessionStatus.Completed)
        {
            numbers._statements.Add(Count(query with { Status = SessionStatus.Ongoing }));
            numbers._subtracted = 1;
        }

        numbers.AddRange(query);
        return numbers;
    }

    /// <summary>The count, when the statements have made these numbers.</summary>
    public long Sum(IReadOnlyList<long> read)
    {
        var sum = 0L;
        for (var i = 0; i < read.Count; i++)
        {
            sum += i < _subtracted ? -read[i] : read[i];
        }

        // A session that ends between two statements is in both numbers.
        return Math.Max(sum, 0);
    }

    private const string CountRows = "select count(*) from connection_logs c";

    private static SqlText Count(ConnectionLogQuery query) => ConnectionLogStore.Where(query).Between(CountRows);

    private void AddRange(ConnectionLogQuery query)
    {
        var (after, before) = (query.ConnectedAfter, query.ConnectedBefore);
        var firstWhole = after is { } from ? NextMidnight(from) : (DateTimeOffset?)null;
        var lastEnd = before is { } until ? Midnight(until) : (DateTimeOffset?)null;
        if (firstWhole > lastEnd || firstWhole == DateTimeOffset.MaxValue)
        {
            _statements.Add(Rows(query).And("c.connect_time >= @after", after!, "after").AndIf(before, "c.connect_time <= @before", "before")
                .Between(CountRows));
            return;
        }

        _statements.Add(WholeDays(query, firstWhole, lastEnd));
        if (after is { } start && start < firstWhole)
        {
            _statements.Add(Rows(query)
                .And("c.connect_time >= @after", start, "after")
                .And("c.connect_time < @firstWhole", firstWhole.Value, "firstWhole")
                .Between(CountRows));
        }

        if (before is { } end)
        {
            _statements.Add(Rows(query)
                .And("c.connect_time >= @lastEnd", lastEnd!.Value, "lastEnd")
                .And("c.connect_time <= @before", end, "before")
                .Between(CountRows));
        }
    }

    private static SqlFilter Rows(ConnectionLogQuery query)
    {
        var filter = ConnectionLogStore.Where(query with { ConnectedAfter = null, ConnectedBefore = null, Status = null });
        return query.Status is null ? filter : filter.And("c.type in ('ssh', 'vscode', 'jetbrains', 'reconnecting_pty')");
    }

    private const string SumRows = "select coalesce(sum(n.rows), 0)::bigint from connection_log_counts n";

    private static SqlText WholeDays(ConnectionLogQuery query, DateTimeOffset? firstWhole, DateTimeOffset? lastEnd)
    {
        var filter = new SqlFilter();
        if (query.OrganizationId is null)
        {
            filter.AndScope(query.Scope, Columns);
        }

        filter
            .AndIf(query.OrganizationId, "n.organization_id = @organization", "organization")
            .AndIf(query.Type?.WireName(), "n.type = @type::connection_type", "type")
            .AndIf(firstWhole, "n.day >= (@firstWhole at time zone 'utc')::date", "firstWhole")
            .AndIf(lastEnd, "n.day < (@lastEnd at time zone 'utc')::date", "lastEnd");
        return (query.Status is null ? filter : filter.And("n.type in ('ssh', 'vscode', 'jetbrains', 'reconnecting_pty')")).Between(SumRows);
    }

    private static DateTimeOffset Midnight(DateTimeOffset time) => new(time.UtcDateTime.Date, TimeSpan.Zero);

    // The last day that there is has no midnight after it.
    private static DateTimeOffset NextMidnight(DateTimeOffset time) =>
        Midnight(time) == time.ToUniversalTime() ? time
        : time.UtcDateTime.Date == DateTime.MaxValue.Date ? DateTimeOffset.MaxValue
        : Midnight(time).AddDays(1);
}
