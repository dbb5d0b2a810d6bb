using System.Text.Json;
using Coder.Application.Common;
using Coder.Application.Notifications;
using Coder.Domain.Notifications;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Notifications;

internal sealed class InboxStore(DbSession db, IIds ids, TimeProvider time) : IInboxStore, IInbox
{
    private const string Add = """
        with added as (
            insert into inbox_notifications (id, user_id, template_id, targets, title, content, icon, actions, created_at)
            values (@id, @userId, @templateId, @targets, @title, @content, @icon, @actions::jsonb, @now)
            returning id, user_id
        )
        select pg_notify(@channel, user_id || ':' || id) from added
        """;

    public async Task<Guid> AddAsync(NewInboxNotification notification, CancellationToken ct)
    {
        var id = ids.Sequential();
        await db.ExecuteAsync(
            Add,
            new
            {
                id,
                notification.UserId,
                notification.TemplateId,
                targets = notification.Targets.ToArray(),
                notification.Title,
                notification.Content,
                notification.Icon,
                actions = JsonSerializer.Serialize(
                    notification.Actions.Select(a => new ActionEntry(a.Label, a.Url)), JsonSerializerOptions.Web),
                now = time.GetUtcNow().ToMicroseconds(),
                channel = NotificationChannels.Inbox,
            },
            ct);
        return id;
    }

    private const string Select = """
        select n.id, n.user_id, n.template_id, n.targets, n.title, n.content, n.icon, n.actions::text as actions, n.read_at, n.created_at
        from inbox_notifications n
        """;

    public async Task<IReadOnlyList<InboxNotification>> ListAsync(Guid userId, InboxFilter filter, int limit, CancellationToken ct)
    {
        var where = new SqlFilter().And("n.user_id = @userId", userId, "userId").With("limit", limit);
        if (filter.Targets.Count > 0)
        {
            where.And("n.targets @> @targets", filter.Targets.ToArray(), "targets");
        }

        if (filter.Templates.Count > 0)
        {
            where.And("n.template_id = any (@templates)", filter.Templates.ToArray(), "templates");
        }

        if (filter.Status != ReadStatus.All)
        {
            where = filter.Status == ReadStatus.Read ? where.And("n.read_at is not null") : where.And("n.read_at is null");
        }

        if (filter.StartingBefore is { } before)
        {
            where.And(
                "(n.created_at, n.id) < (select b.created_at, b.id from inbox_notifications b where b.id = @before and b.user_id = @userId)",
                before,
                "before");
        }

        var rows = await db.QueryAsync<Row>(where.Between(Select, "order by n.created_at desc, n.id desc limit @limit"), ct);
        return [.. rows.Select(r => r.ToNotification())];
    }

    private const string CountUnread = "select count(*) from inbox_notifications where user_id = @userId and read_at is null";

    public Task<long> CountUnreadAsync(Guid userId, CancellationToken ct) => db.ScalarAsync<long>(CountUnread, new { userId }, ct);

    private const string Find = """
        select n.id, n.user_id, n.template_id, n.targets, n.title, n.content, n.icon, n.actions::text as actions, n.read_at, n.created_at,
               (select count(*) from inbox_notifications u where u.user_id = @userId and u.read_at is null) as unread
        from inbox_notifications n
        where n.id = @id and n.user_id = @userId
        """;

    public async Task<InboxMessage?> FindAsync(Guid userId, Guid id, CancellationToken ct) =>
        await db.QueryOneAsync<Row>(Find, new { userId, id }, ct) is { } row ? new InboxMessage(row.ToNotification(), row.Unread) : null;

    public async Task<IReadOnlyList<InboxNotification>> SinceAsync(Guid userId, DateTimeOffset since, CancellationToken ct)
    {
        var where = new SqlFilter()
            .And("n.user_id = @userId", userId, "userId")
            .And("n.created_at >= @since", since, "since")
            .With("limit", IInboxStore.MostSince);
        var rows = await db.QueryAsync<Row>(where.Between(Select, "order by n.created_at desc, n.id desc limit @limit"), ct);
        return [.. rows.Reverse().Select(r => r.ToNotification())];
    }

    private const string SetRead = """
        update inbox_notifications
        set read_at = case when @readAt::timestamptz is null then null else coalesce(read_at, @readAt) end
        where id = @id and user_id = @userId
        """;

    public async Task<bool> SetReadAsync(Guid userId, Guid id, DateTimeOffset? readAt, CancellationToken ct) =>
        await db.ExecuteAsync(SetRead, new { userId, id, readAt }, ct) > 0;

    private const string SetAllRead = "update inbox_notifications set read_at = @readAt where user_id = @userId and read_at is null";

    public Task SetAllReadAsync(Guid userId, DateTimeOffset readAt, CancellationToken ct) =>
        db.ExecuteAsync(SetAllRead, new { userId, readAt }, ct);

    private sealed record ActionEntry(string Label, string Url);

    private sealed record Row
    {
        public Guid Id { get; init; }

        public Guid UserId { get; init; }

        public Guid TemplateId { get; init; }

        public Guid[] Targets { get; init; } = [];

        public string Title { get; init; } = "";

        public string Content { get; init; } = "";

        public string Icon { get; init; } = "";

        public string Actions { get; init; } = "";

        public DateTimeOffset? ReadAt { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public long Unread { get; init; }

        public InboxNotification ToNotification() => new(
            Id,
            UserId,
            TemplateId,
            Targets,
            Title,
            Content,
            Icon,
            [.. JsonSerializer.Deserialize<ActionEntry[]>(Actions, JsonSerializerOptions.Web)!.Select(a => new InboxAction(a.Label, a.Url))],
            ReadAt,
            CreatedAt);
    }
}
