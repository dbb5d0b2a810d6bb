using System.Data.Common;
using Coder.Application.Common;
using Coder.Application.Provisioning;
using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using Coder.Infrastructure.Database;

namespace Coder.Infrastructure.Provisioning;

internal sealed class JobQueue(DbSession db, JobReader reader) : IJobQueue
{
    private const string AcquireKey = "provisioner_jobs_acquire_key";

    private const string Post = """
        with posted as (
            insert into provisioner_jobs
                (id, created_at, updated_at, organization_id, initiator_id, provisioner, type, input, file_id, tags, priority)
            values (
                @id, @createdAt, @createdAt, @organizationId, @initiatorId, @provisioner::provisioner_type, @type::provisioner_job_type,
                @input::jsonb, @fileId, @tags::jsonb, @priority)
            returning organization_id
        )
        select pg_notify(@channel, organization_id::text) from posted
        """;

    public Task PostAsync(NewJob job, CancellationToken cancellationToken) => db.ExecuteAsync(
        Post,
        new
        {
            job.Id,
            job.CreatedAt,
            job.OrganizationId,
            job.InitiatorId,
            provisioner = job.Provisioner.WireName(),
            type = job.Type.WireName(),
            input = StoredInput.Write(job.Input),
            job.FileId,
            tags = StoredInput.Write(job.Tags),
            priority = (short)job.Priority,
            channel = NotificationChannels.ProvisionerJobPosted,
        },
        cancellationToken);

    public Task<IReadOnlyDictionary<Guid, JobView>> ReadAsync(IReadOnlyCollection<Guid> jobs, CancellationToken cancellationToken) =>
        reader.ReadAsync(jobs, cancellationToken);

    // A daemon that takes the job at this moment needs milliseconds; what the transaction waits for afterwards has no such limit. All that
    // locks a job tells somebody of it at the commit, see DbSession.FlushAfterCommit.
    private const string Lock = """
        with limits as materialized (
            select set_config('lock_timeout', '5s', true) as waiting, set_config('synchronous_commit', 'off', true) as durability
        ), held as materialized (
            select id, organization_id, job_status::text as status, started_at, canceled_at, completed_at, worker_id, type::text as type,
                   file_id
            from provisioner_jobs
            where id = @job and (select l.waiting || l.durability from limits l) is not null
            for update
        )
        select h.id, h.organization_id, h.status, h.started_at, h.canceled_at, h.completed_at, h.worker_id, h.type, h.file_id
        from held h
        where set_config('lock_timeout', null, true) is not null
        """;

    public async Task<LockedJob?> LockAsync(Guid job, CancellationToken cancellationToken)
    {
        db.FlushAfterCommit();
        var row = await db.QueryOneAsync<LockRow>(Lock, new { job }, cancellationToken);
        if (row is { StartedAt: null, CanceledAt: null, CompletedAt: null })
        {
            OfferAgainAfterRollback(row.OrganizationId);
        }

        return row?.ToJob();
    }

    private const string Cancel = """
        with canceled as (
            update provisioner_jobs
            set canceled_at = @at, updated_at = @at, completed_at = case when worker_id is null then @at::timestamptz end
            where id = @job and completed_at is null and canceled_at is null
            returning id
        )
        select count(pg_notify(@channel, id::text)) from canceled
        """;

    public async Task CancelAsync(LockedJob job, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var values = new { job = job.Id, at, channel = NotificationChannels.ProvisionerJobChanged };
        if (await db.ScalarAsync<long>(Cancel, values, cancellationToken) != 1)
        {
            throw new InvalidOperationException("A job was canceled that this transaction has not locked, or that is not to be canceled.");
        }
    }

    // The columns of the daemon stand in subqueries and not in a join: so the rows come in the order of the index, and the first one that
    // is free ends the search, however many wait.
    private const string Acquire = $"""
        with d as materialized (
            select organization_id, provisioners, tags from provisioner_daemons where id = @daemon
        ), taken as (
            update provisioner_jobs
            set started_at = @at, updated_at = @at, worker_id = @daemon, acquire_request_id = @requestId
            where id = (
                select j.id
                from provisioner_jobs j
                where j.organization_id = (select organization_id from d)
                  and {JobSql.Waits}
                  and j.provisioner = any ((select provisioners from d)::provisioner_type[])
                  and case when j.tags = {Plain} then (select tags from d) = j.tags else (select tags from d) @> j.tags end
                order by j.priority, j.created_at, j.id
                limit 1
                for update skip locked)
            returning id, organization_id
        )
        select id, organization_id
        from taken
        where pg_notify(@channel, id::text) is not null
          and (not @isInTransaction or set_config('synchronous_commit', 'off', true) is not null)
        """;

    private const string Plain = """'{"scope": "organization", "owner": ""}'::jsonb""";

    public async Task<Guid?> AcquireAsync(Guid daemon, Guid? requestId, DateTimeOffset at, CancellationToken cancellationToken)
    {
        try
        {
            var taken = await db.QueryOneAsync<TakenRow>(
                Acquire,
                new { daemon, requestId, at, isInTransaction = db.IsInTransaction, channel = NotificationChannels.ProvisionerJobChanged },
                cancellationToken);
            db.FlushAfterCommit();
            if (taken is not null)
            {
                OfferAgainAfterRollback(taken.OrganizationId);
            }

            return taken?.Id;
        }
        catch (DbException e) when (UniqueViolation.IndexOf(e) == AcquireKey)
        {
            return null;
        }
    }

    private const string FindAcquired =
        "select id from provisioner_jobs where worker_id = @daemon and acquire_request_id = @requestId and completed_at is null";

    public Task<Guid?> FindAcquiredAsync(Guid daemon, Guid requestId, CancellationToken cancellationToken) =>
        db.ScalarAsync<Guid?>(FindAcquired, new { daemon, requestId }, cancellationToken);

    private const string Touch = "update provisioner_jobs set updated_at = @at where id = @job and completed_at is null";

    public Task TouchAsync(Guid job, DateTimeOffset at, CancellationToken cancellationToken) =>
        db.ExecuteAsync(Touch, new { job, at }, cancellationToken);

    private const string End = """
        with ended as (
            update provisioner_jobs
            set completed_at = @at, updated_at = @at, started_at = coalesce(started_at, @at), error = @error, error_code = @code
            where id = @job and completed_at is null
            returning id, type, provisioner, job_status, created_at, started_at, completed_at
        )
        select type::text as type, provisioner::text as provisioner, job_status::text as status, created_at, started_at, completed_at
        from ended
        where pg_notify(@channel, id::text) is not null
        """;

    public async Task<bool> EndAsync(
        Guid job, string? error, JobErrorCode? errorCode, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var values = new { job, error, code = errorCode?.WireName(), at, channel = NotificationChannels.ProvisionerJobChanged };
        if (await db.QueryOneAsync<EndRow>(End, values, cancellationToken) is not { } ended)
        {
            return false;
        }

        Count(ended.ToJob());
        return true;
    }

    // What is rolled back has not ended.
    private void Count(EndedJob job)
    {
        if (!db.IsInTransaction)
        {
            JobMetrics.Ended(job);
            return;
        }

        db.Do(_ =>
        {
            JobMetrics.Ended(job);
            return Task.FromResult(Result<Done>.From(Done.Value));
        });
    }

    // Daemons pass over a locked job, and hear of it once only.
    private void OfferAgainAfterRollback(Guid organization) =>
        db.AfterRollback(ct => db.NotifyAsync(NotificationChannels.ProvisionerJobPosted, organization.ToString(), ct));

    private sealed record TakenRow
    {
        public Guid Id { get; init; }

        public Guid OrganizationId { get; init; }
    }

    private sealed record EndRow
    {
        public string Type { get; init; } = "";

        public string Provisioner { get; init; } = "";

        public string Status { get; init; } = "";

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset? StartedAt { get; init; }

        public DateTimeOffset CompletedAt { get; init; }

        public EndedJob ToJob() => new()
        {
            Type = JobReader.TypeOf(Type),
            Provisioner = ProvisionerTypes.TryParse(Provisioner, out var provisioner)
                ? provisioner
                : throw new InvalidOperationException($"Unknown provisioner {Provisioner}."),
            Status = JobReader.StatusOf(Status),
            CreatedAt = CreatedAt,
            StartedAt = StartedAt,
            CompletedAt = CompletedAt,
        };
    }

    private sealed record LockRow
    {
        public Guid Id { get; init; }

        public Guid OrganizationId { get; init; }

        public string Status { get; init; } = "";

        public DateTimeOffset? StartedAt { get; init; }

        public DateTimeOffset? CanceledAt { get; init; }

        public DateTimeOffset? CompletedAt { get; init; }

        public Guid? WorkerId { get; init; }

        public string Type { get; init; } = "";

        public Guid FileId { get; init; }

        public LockedJob ToJob() => new()
        {
            Id = Id,
            OrganizationId = OrganizationId,
            Status = JobReader.StatusOf(Status),
            StartedAt = StartedAt,
            CanceledAt = CanceledAt,
            CompletedAt = CompletedAt,
            WorkerId = WorkerId,
            Type = JobReader.TypeOf(Type),
            FileId = FileId,
        };
    }
}
