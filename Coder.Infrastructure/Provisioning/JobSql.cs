namespace Coder.Infrastructure.Provisioning;

/// <summary>Pieces that several statements about jobs share; <c>j</c> is the job and <c>d</c> the daemon everywhere.</summary>
internal static class JobSql
{
    /// <summary>The same rule as <see cref="Domain.Provisioning.JobTags.CanRun"/>; stored tags are normalised.</summary>
    public const string TagsFit = """
        case when j.tags = '{"scope": "organization", "owner": ""}'::jsonb then d.tags = j.tags else d.tags @> j.tags end
        """;

    /// <summary>The predicate of the index of the queue.</summary>
    public const string Waits = "j.started_at is null and j.completed_at is null and j.canceled_at is null";
}
