using System.Text.Json;
using Coder.Domain.Provisioning;

namespace Coder.Testing;

/// <summary>A provisioner job of a test; without changes an import that waits.</summary>
public sealed record NewTestJob
{
    /// <summary>Where it belongs.</summary>
    public required Guid Organization { get; init; }

    /// <summary>Its archive.</summary>
    public required Guid File { get; init; }

    /// <summary>When it entered the queue.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last heard of; null: when it entered the queue.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>When a daemon took it.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When somebody canceled it.</summary>
    public DateTimeOffset? CanceledAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }

    /// <summary>Who works on it.</summary>
    public Guid? Worker { get; init; }

    /// <summary>Who may run it.</summary>
    public JobTags Tags { get; init; } = JobTags.Default;

    /// <summary>Whether somebody waits for it.</summary>
    public QueuePriority Priority { get; init; }

    /// <summary>What can execute it.</summary>
    public string Provisioner { get; init; } = "echo";

    /// <summary>What it does.</summary>
    public JobType Type { get; init; }

    /// <summary>What it works on, as it is stored.</summary>
    public string Input { get; init; } = "{}";
}

/// <summary>Puts daemons and jobs straight into the database, in every state.</summary>
public static class TestQueue
{
    private const string InsertDaemon = """
        insert into provisioner_daemons (id, created_at, name, provisioners, tags, last_seen_at, organization_id)
        values ($1, $2, $3, $4::provisioner_type[], $5::jsonb, $2, $6)
        """;

    private const string InsertJob = """
        insert into provisioner_jobs
            (id, created_at, updated_at, started_at, canceled_at, completed_at, error, organization_id, initiator_id, provisioner, type,
             input, worker_id, file_id, tags, priority)
        values (
            $1, $2, $3, $4::timestamptz, $5::timestamptz, $6::timestamptz, $7::text, $8, $8, $9::provisioner_type, $10::provisioner_job_type,
            $11::jsonb, $12::uuid, $13, $14::jsonb, $15)
        """;

    /// <summary>Adds a daemon.</summary>
    /// <param name="database">Where to.</param>
    /// <param name="organization">Where it works.</param>
    /// <param name="seenAt">When it was last heard of.</param>
    /// <param name="tags">Whom it works for.</param>
    /// <param name="ct">Stops the statement.</param>
    /// <param name="provisioners">What it can execute; echo alone unless given.</param>
    public static async Task<Guid> AddDaemonAsync(
        this TestDatabase database, Guid organization, DateTimeOffset seenAt, JobTags tags, CancellationToken ct, params string[] provisioners)
    {
        ArgumentNullException.ThrowIfNull(tags);
        ArgumentNullException.ThrowIfNull(provisioners);
        var id = TestIds.New();
        string[] types = provisioners.Length == 0 ? ["echo"] : provisioners;
        await database.ExecuteAsync(
            InsertDaemon, ct, id, seenAt, $"daemon-{id:N}"[..32], types, JsonSerializer.Serialize(tags.Values), organization);
        return id;
    }

    /// <summary>Adds a job. Nobody is told.</summary>
    public static async Task<Guid> AddJobAsync(this TestDatabase database, NewTestJob job, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(job);
        var id = TestIds.New();
        await database.ExecuteAsync(
            InsertJob,
            ct,
            id,
            job.CreatedAt,
            job.UpdatedAt ?? job.CreatedAt,
            OrNull(job.StartedAt),
            OrNull(job.CanceledAt),
            OrNull(job.CompletedAt),
            OrNull(job.Error),
            job.Organization,
            job.Provisioner,
            job.Type.WireName(),
            job.Input,
            OrNull(job.Worker),
            job.File,
            JsonSerializer.Serialize(job.Tags.Values),
            (short)job.Priority);
        return id;
    }

    private static object OrNull(object? value) => value ?? DBNull.Value;
}
