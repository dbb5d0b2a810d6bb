using Coder.Application.ConnectionLogs;
using Coder.Domain.Authorization;
using Coder.Domain.ConnectionLogs;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.ConnectionLogs;

/// <summary>
/// Counts from the numbers that are stored by day, organization and type: without a time range their totals are added up, with one the whole
/// days in it, and the days at both ends are counted (docs/spec/connection-logs.md, section 12.3 b).
/// </summary>
internal sealed class ConnectionLogNumbers
{
    private static readonly ScopeColumns Columns = new(organization: "n.organization_id");

    private readonly List<SqlText> _statements = [];
    private readonly long? _cap;

    private ConnectionLogNumbers(long? cap) => _cap = cap;

    /// <summary>Each makes one number; the count is their sum.</summary>
    public IReadOnlyList<SqlText> Statements => _statements;

    /// <summary>The numbers of a query, or <see langword="null"/> when it asks for something that the stored numbers do not tell apart.</summary>
    /// <param name="query">The query.</param>
    /// <param name="cap">No more than one row above this needs to be counted; stored numbers are what they are.</param>
    public static ConnectionLogNumbers? Of(ConnectionLogQuery query, long? cap = null)
    {
        if (query.IsNarrow)
        {
            return null;
        }

        var numbers = new ConnectionLogNumbers(cap);
        if (query is { ConnectedAfter: null, ConnectedBefore: null })
        {
            numbers._statements.Add(Totals(query));
        }
        else
        {
            numbers.AddRange(query);
        }

        return numbers;
    }

    private void AddRange(ConnectionLogQuery query)
    {
        var (after, before) = (query.ConnectedAfter, query.ConnectedBefore);
        var firstWhole = after is { } from ? NextMidnight(from) : (DateTimeOffset?)null;
        var lastEnd = before is { } until ? Midnight(until) : (DateTimeOffset?)null;
        if (firstWhole > lastEnd || firstWhole == DateTimeOffset.MaxValue)
        {
            AddRows(Rows(query).And("c.connect_time >= @after", after!, "after").AndIf(before, "c.connect_time <= @before", "before"));
            return;
        }

        _statements.Add(WholeDays(query, firstWhole, lastEnd));
        if (after is { } start && start < firstWhole)
        {
            AddRows(Rows(query)
                .And("c.connect_time >= @after", start, "after")
                .And("c.connect_time < @firstWhole", firstWhole.Value, "firstWhole"));
        }

        if (before is { } end)
        {
            AddRows(Rows(query)
                .And("c.connect_time >= @lastEnd", lastEnd!.Value, "lastEnd")
                .And("c.connect_time <= @before", end, "before"));
        }
    }

    // Where one of the numbers stops above the cap, so does their sum.
    private void AddRows(SqlFilter filter) => _statements.Add(ConnectionLogStatements.CountRows(filter, _cap));

    private static SqlFilter Rows(ConnectionLogQuery query) =>
        ConnectionLogStatements.Where(query with { ConnectedAfter = null, ConnectedBefore = null });

    private const string TotalRows = "select coalesce(sum(n.rows), 0)::bigint from connection_log_totals n";
    private const string TotalOngoing = "select coalesce(sum(n.ongoing), 0)::bigint from connection_log_totals n";
    private const string TotalCompleted = "select coalesce(sum(n.rows - n.ongoing), 0)::bigint from connection_log_totals n";

    private static SqlText Totals(ConnectionLogQuery query) => query.Status switch
    {
        SessionStatus.Ongoing => Numbers(query).Between(TotalOngoing),
        SessionStatus.Completed => Numbers(query).Between(TotalCompleted),
        _ => Numbers(query).Between(TotalRows),
    };

    private const string DayRows = "select coalesce(sum(n.rows), 0)::bigint from connection_log_counts n";
    private const string DayOngoing = "select coalesce(sum(n.ongoing), 0)::bigint from connection_log_counts n";
    private const string DayCompleted = "select coalesce(sum(n.rows - n.ongoing), 0)::bigint from connection_log_counts n";

    private static SqlText WholeDays(ConnectionLogQuery query, DateTimeOffset? firstWhole, DateTimeOffset? lastEnd)
    {
        var filter = Numbers(query)
            .AndIf(firstWhole, "n.day >= (@firstWhole at time zone 'utc')::date", "firstWhole")
            .AndIf(lastEnd, "n.day < (@lastEnd at time zone 'utc')::date", "lastEnd");
        return query.Status switch
        {
            SessionStatus.Ongoing => filter.Between(DayOngoing),
            SessionStatus.Completed => filter.Between(DayCompleted),
            _ => filter.Between(DayRows),
        };
    }

    // What is not a session has no status.
    private static SqlFilter Numbers(ConnectionLogQuery query)
    {
        var filter = new SqlFilter();
        if (query.OrganizationId is null)
        {
            filter.AndScope(query.Scope, Columns);
        }

        filter
            .AndIf(query.OrganizationId, "n.organization_id = @organization", "organization")
            .AndIf(query.Type?.WireName(), "n.type = @type::connection_type", "type");
        return query.Status is null ? filter : filter.And("n.type in ('ssh', 'vscode', 'jetbrains', 'reconnecting_pty')");
    }

    private static DateTimeOffset Midnight(DateTimeOffset time) => new(time.UtcDateTime.Date, TimeSpan.Zero);

    // The last day that there is has no midnight after it.
    private static DateTimeOffset NextMidnight(DateTimeOffset time) =>
        Midnight(time) == time.ToUniversalTime() ? time
        : time.UtcDateTime.Date == DateTime.MaxValue.Date ? DateTimeOffset.MaxValue
        : Midnight(time).AddDays(1);
}
