using Coder.Application.Templates;
using Coder.Domain.Workspaces;
using Coder.Infrastructure.Database;
using Coder.Infrastructure.Workspaces;

namespace Coder.Infrastructure.Templates;

/// <summary>The constant in every statement is the prebuilds user: stock keeps the values with which it was built.</summary>
internal sealed class TemplateWorkspaceStore(DbSession db) : ITemplateWorkspaces
{
    private const string OfPeople = "not w.deleted and w.owner_id <> 'c42fdf75-3097-471c-8c33-fb52454d81c0'";

    private const string Count = """
        select count(*) filter (where w.owner_id <> 'c42fdf75-3097-471c-8c33-fb52454d81c0')::integer as of_people,
               count(*) filter (where w.owner_id = 'c42fdf75-3097-471c-8c33-fb52454d81c0')::integer as prebuilt
        from workspaces w
        where w.template_id = @template and not w.deleted
        """;

    public async Task<TemplateUse> CountAsync(Guid template, CancellationToken ct)
    {
        var row = await db.QueryOneAsync<CountRow>(Count, new { template }, ct);
        return new TemplateUse(row!.OfPeople, row.Prebuilt);
    }

    private const string SetTtl = $"""
        update workspaces w
        set ttl = @ttl::bigint, updated_at = @now
        where w.template_id = @template and {OfPeople} and w.ttl is distinct from @ttl::bigint
        """;

    public Task SetTtlAsync(Guid template, TimeSpan? ttl, DateTimeOffset now, CancellationToken ct) => db.ExecuteAsync(
        SetTtl, new { template, ttl = ttl is { } value ? Nanoseconds.Write(value) : (long?)null, now }, ct);

    private const string SetDormancy = $"""
        update workspaces w
        set dormant_at = s.dormant_at, updated_at = @now,
            deleting_at = case when @autodelete::bigint > 0 then s.dormant_at + @autodelete::bigint * interval '1 microsecond' end
        from (
            select d.id, case when @startNow then @now else d.dormant_at end as dormant_at
            from workspaces d
            where d.template_id = @template
        ) s
        where s.id = w.id and w.template_id = @template and {OfPeople} and w.dormant_at is not null
        """;

    public Task SetDormancyAsync(Guid template, TimeSpan autodelete, bool startNow, DateTimeOffset now, CancellationToken ct) =>
        db.ExecuteAsync(
            SetDormancy, new { template, autodelete = autodelete.Ticks / TimeSpan.TicksPerMicrosecond, startNow, now }, ct);

    private const string Touch = $"""
        update workspaces w
        set last_used_at = @now, updated_at = @now
        where w.template_id = @template and {OfPeople}
        """;

    public Task TouchAsync(Guid template, DateTimeOffset now, CancellationToken ct) => db.ExecuteAsync(Touch, new { template, now }, ct);

    private const string LockScheduled = $"""
        select w.id, w.autostart_schedule, w.ttl, w.dormant_at is not null as is_dormant, w.next_start_at,
               u.quiet_hours_schedule as quiet_hours, b.id as build_id, b.deadline, b.max_deadline, j.completed_at
        from workspaces w
        join users u on u.id = w.owner_id
        left join lateral (
            select b.id, b.job_id, b.transition, b.deadline, b.max_deadline
            from workspace_builds b
            join provisioner_jobs j on j.id = b.job_id
            where b.workspace_id = w.id and {CurrentBuilds.Counts}
            order by b.build_number desc
            limit 1
        ) b on true
        left join provisioner_jobs j on j.id = b.job_id and b.transition = 'start' and j.job_status = 'succeeded'
        where w.template_id = @template and {OfPeople} and (w.autostart_schedule is not null or j.id is not null)
        order by w.id
        for no key update of w
        """;

    public async Task<IReadOnlyList<ScheduledWorkspace>> LockScheduledAsync(Guid template, CancellationToken ct) =>
        [.. (await db.QueryAsync<ScheduledRow>(LockScheduled, new { template }, ct)).Select(row => row.ToWorkspace())];

    private const string WriteStarts = $"""
        update workspaces w
        set next_start_at = n.at, updated_at = @now
        from unnest(@ids::uuid[], @times::timestamptz[]) n (id, at)
        where w.id = n.id and {OfPeople}
        """;

    private const string WriteDeadlines = $"""
        update workspace_builds b
        set deadline = n.deadline, max_deadline = n.max_deadline, updated_at = @now
        from unnest(@ids::uuid[], @deadlines::timestamptz[], @maximums::timestamptz[]) n (id, deadline, max_deadline), workspaces w
        where b.id = n.id and w.id = b.workspace_id and {OfPeople}
        """;

    public async Task WriteTimesAsync(
        IReadOnlyList<NextStart> starts, IReadOnlyList<NewDeadline> deadlines, DateTimeOffset now, CancellationToken ct)
    {
        if (starts.Count > 0)
        {
            var values = new { ids = starts.Select(s => s.Workspace).ToArray(), times = starts.Select(s => s.At).ToArray(), now };
            await db.ExecuteAsync(WriteStarts, values, ct);
        }

        if (deadlines.Count > 0)
        {
            var values = new
            {
                ids = deadlines.Select(d => d.Build).ToArray(),
                deadlines = deadlines.Select(d => d.Deadline.At).ToArray(),
                maximums = deadlines.Select(d => d.Deadline.Max).ToArray(),
                now,
            };
            await db.ExecuteAsync(WriteDeadlines, values, ct);
        }
    }

    private sealed record CountRow
    {
        public int OfPeople { get; init; }

        public int Prebuilt { get; init; }
    }

    private sealed record ScheduledRow
    {
        public Guid Id { get; init; }

        public string? AutostartSchedule { get; init; }

        public long? Ttl { get; init; }

        public bool IsDormant { get; init; }

        public DateTimeOffset? NextStartAt { get; init; }

        public string QuietHours { get; init; } = "";

        public Guid? BuildId { get; init; }

        public DateTimeOffset? Deadline { get; init; }

        public DateTimeOffset? MaxDeadline { get; init; }

        public DateTimeOffset? CompletedAt { get; init; }

        public ScheduledWorkspace ToWorkspace() => new()
        {
            Id = Id,
            Autostart = AutostartSchedule,
            Ttl = Ttl is { } ttl ? Nanoseconds.Read(ttl) : null,
            IsDormant = IsDormant,
            NextStartAt = NextStartAt,
            QuietHours = QuietHours,
            Running = BuildId is { } build && CompletedAt is { } completed
                ? new RunningBuild(build, completed, new Deadline(Deadline, MaxDeadline))
                : null,
        };
    }
}
