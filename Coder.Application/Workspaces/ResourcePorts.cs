using Coder.Domain.Templates;
using Coder.Domain.Workspaces;

namespace Coder.Application.Workspaces;

/// <summary>A resource of a build, or one that an import foresees, with its agents.</summary>
public sealed record ResourceView
{
    public required Guid Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required Guid JobId { get; init; }

    public required WorkspaceTransition Transition { get; init; }

    public required string Type { get; init; }

    public required string Name { get; init; }

    public bool Hide { get; init; }

    public string Icon { get; init; } = "";

    public int DailyCost { get; init; }

    /// <summary>A sensitive value is empty here.</summary>
    public IReadOnlyList<ResourceMetadata> Metadata { get; init; } = [];

    public IReadOnlyList<AgentView> Agents { get; init; } = [];
}

/// <summary>The resources and agents of jobs, as every feature shows them.</summary>
public interface IResourceDirectory
{
    /// <summary>Reads resources with metadata, agents, scripts, apps, log sources and the latest app statuses.</summary>
    /// <remarks>One statement a table, however many jobs are asked for.</remarks>
    /// <returns>By job; a job without resources has an empty list. Resources by name, agents by order and name.</returns>
    Task<IReadOnlyDictionary<Guid, IReadOnlyList<ResourceView>>> ReadAsync(
        IReadOnlyCollection<Guid> jobs, CancellationToken cancellationToken);
}
