using Coder.Application.Common;
using Coder.Application.Provisioning;
using Coder.Domain.Provisioning;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Provisioning;

internal sealed class JobLogStore(DbSession db) : IJobLogs
{
    // Whether the job has ended and its lines are of one snapshot, and whoever ends a job has its row locked as those who write have.
    private const string Read = """
        select j.completed_at is not null as has_ended, l.id, l.created_at, l.source, l.level, l.stage, l.output
        from provisioner_jobs j
        left join lateral (
            select id, created_at, source::text as source, level::text as level, stage, output
            from provisioner_job_logs
            where job_id = j.id and id > @after and id < @before
            order by id
            limit @limit
        ) l on true
        where j.id = @job
        order by l.id
        """;

    public async Task<JobLogPart> ReadAsync(Guid job, JobLogRange range, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(range);
        var values = new { job, range.After, before = range.Before ?? long.MaxValue, range.Limit };
        var rows = await db.QueryAsync<Row>(Read, values, cancellationToken);
        return new JobLogPart(
            [.. rows.Where(row => row.Id is not null).Select(row => row.ToEntry())], rows.Count == 0 || rows[0].HasEnded);
    }

    private const string Lock = "select logs_length as length, logs_overflowed as overflowed from provisioner_jobs where id = @job for update";

    public async Task AppendAsync(Guid job, IReadOnlyCollection<JobLogLine> lines, CancellationToken cancellationToken)
    {
        if (lines.Count == 0 || await db.QueryOneAsync<Size>(Lock, new { job }, cancellationToken) is not { } size)
        {
            return;
        }

        var append = JobLog.Append(size.Length, size.Overflowed, lines);
        await WriteAsync(job, append, cancellationToken);
    }

    public async Task AddLastWordsAsync(Guid job, Func<string?, IReadOnlyList<JobLogLine>> lines, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lines);
        if (await db.QueryOneAsync<Size>(Lock, new { job }, cancellationToken) is { } size)
        {
            var stage = await db.ScalarAsync<string?>(LastStage, new { job }, cancellationToken);
            await WriteAsync(job, new JobLogAppend(lines(stage), size.Length, size.Overflowed), cancellationToken);
        }
    }

    private const string LastStage = "select stage from provisioner_job_logs where job_id = @job order by id desc limit 1";

    private const string Write = """
        with written as (
            insert into provisioner_job_logs (job_id, created_at, source, level, stage, output)
            select @job::uuid, l.created_at, l.source::log_source, l.level::log_level, l.stage, l.output
            from unnest(@times::timestamptz[], @sources::text[], @levels::text[], @stages::text[], @outputs::text[])
                with ordinality as l (created_at, source, level, stage, output, place)
            order by l.place
        ), counted as (
            update provisioner_jobs set logs_length = @length, logs_overflowed = @overflowed where id = @job returning id
        )
        select pg_notify(@channel, id::text) from counted
        """;

    private async Task WriteAsync(Guid job, JobLogAppend append, CancellationToken ct)
    {
        if (append.Lines.Count > 0)
        {
            await db.ExecuteAsync(
                Write,
                new
                {
                    job,
                    times = append.Lines.Select(line => line.CreatedAt.UtcDateTime).ToArray(),
                    sources = append.Lines.Select(line => line.Source.WireName()).ToArray(),
                    levels = append.Lines.Select(line => line.Level.WireName()).ToArray(),
                    stages = append.Lines.Select(line => line.Stage).ToArray(),
                    outputs = append.Lines.Select(line => line.Output).ToArray(),
                    length = append.Length,
                    overflowed = append.Overflowed,
                    channel = NotificationChannels.ProvisionerJobChanged,
                },
                ct);
        }
    }

    private sealed record Size
    {
        public int Length { get; init; }

        public bool Overflowed { get; init; }
    }

    private sealed record Row
    {
        public bool HasEnded { get; init; }

        public long? Id { get; init; }

        public DateTimeOffset? CreatedAt { get; init; }

        public string? Source { get; init; }

        public string? Level { get; init; }

        public string? Stage { get; init; }

        public string? Output { get; init; }

        public JobLogEntry ToEntry() => new(
            Id!.Value,
            new JobLogLine(
                CreatedAt!.Value,
                LogSources.TryParse(Source, out var source) ? source : throw new InvalidOperationException($"Unknown source {Source}."),
                LogLevels.TryParse(Level, out var level) ? level : throw new InvalidOperationException($"Unknown level {Level}."),
                Stage!,
                Output!));
    }
}
