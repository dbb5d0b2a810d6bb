using Coder.Application.Templates;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Templates;

internal sealed class TemplateUsage(DbSession db) : ITemplateUsage
{
    // Visitors of apps are named; whoever has a session is the owner.
    private const string DailyUsers = """
        select floor(extract(epoch from (c.connect_time - @first)) / 86400)::integer as day,
               count(distinct coalesce(c.user_id, c.workspace_owner_id))::integer as users
        from workspaces w
        join connection_logs c on c.workspace_id = w.id
        where w.template_id = @template and c.connect_time >= @first and c.connect_time < @end
        group by 1
        """;

    public async Task<IReadOnlyDictionary<DateOnly, int>> DailyUsersAsync(
        Guid template, DateOnly first, DateOnly last, TimeSpan beginning, CancellationToken ct)
    {
        var values = new { template, first = Begin(first, beginning), end = Begin(last.AddDays(1), beginning) };
        return (await db.QueryAsync<Row>(DailyUsers, values, ct)).ToDictionary(row => first.AddDays(row.Day), row => row.Users);
    }

    private static DateTimeOffset Begin(DateOnly day, TimeSpan beginning) =>
        new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) + beginning;

    private sealed record Row
    {
        public int Day { get; init; }

        public int Users { get; init; }
    }
}
