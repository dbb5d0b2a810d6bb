using Coder.Application.Common;

namespace Coder.Infrastructure.Replicas;

/// <summary>This server among the servers of the deployment.</summary>
internal sealed class ReplicaIdentity(IIds ids, TimeProvider time)
{
    /// <summary>How long after its last sign of life a server counts as running.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(90);

    /// <summary>New at every start.</summary>
    public Guid Id { get; } = ids.Random();

    /// <summary>When this server started, UTC.</summary>
    public DateTimeOffset StartedAt { get; } = time.GetUtcNow().ToMicroseconds();
}
