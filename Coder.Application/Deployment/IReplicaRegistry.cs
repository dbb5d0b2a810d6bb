namespace Coder.Application.Deployment;

/// <summary>Lets the servers of one deployment know of each other.</summary>
public interface IReplicaRegistry
{
    /// <summary>How often a server has to give a sign of life.</summary>
    static TimeSpan Interval { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Gives a sign of life, and forgets servers that were gone for a day.</summary>
    Task BeatAsync(CancellationToken ct);

    /// <summary>Ends all other servers in the registry. Only for a server that knows that it is alone, because its database is its own.</summary>
    Task EndOthersAsync(CancellationToken ct);

    /// <summary>Says that this server goes away.</summary>
    Task LeaveAsync(CancellationToken ct);
}
