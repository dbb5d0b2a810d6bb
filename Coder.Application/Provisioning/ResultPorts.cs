using Coder.Domain.Common;
using Coder.Domain.Provisioning;
using Coder.Domain.Templates;

namespace Coder.Application.Provisioning;

/// <summary>
/// Writes what a job leaves when it ends (docs/spec/workspaces.md, sections 5, 7.2 and 8.3): parameters, presets, resources, agents,
/// deadlines, deleted workspaces, states.
/// </summary>
/// <remarks>
/// Every method runs in the transaction of the caller, which holds the lock of the job's row, has found that the job is running or
/// canceling, and itself ends the row afterwards (<c>completed_at</c>, <c>error</c>, <c>error_code</c>, log, notification):
/// implementations never write <c>provisioner_jobs</c>. A failure rolls everything back and the job stays as it is.
/// </remarks>
public interface IJobResults
{
    /// <summary>Writes what an import found out.</summary>
    /// <param name="job">A job of type <see cref="JobType.TemplateVersionImport"/>.</param>
    /// <param name="result">What the daemon sent.</param>
    /// <param name="at">When the job ends.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    /// <returns>The agents of the foreseen resources; of kind <see cref="ErrorKind.Invalid"/> when the result is not possible.</returns>
    Task<Result<IReadOnlyList<AgentToken>>> CompleteImportAsync(
        Guid job, ImportResult result, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Writes what a build made. A build that was canceled meanwhile is written all the same: the work is done.</summary>
    /// <param name="job">A job of type <see cref="JobType.WorkspaceBuild"/>.</param>
    /// <param name="result">What the daemon sent.</param>
    /// <param name="at">When the job ends; deadlines count from here.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    /// <returns>The agents with their tokens; of kind <see cref="ErrorKind.Invalid"/> when the result is not possible.</returns>
    Task<Result<IReadOnlyList<AgentToken>>> CompleteBuildAsync(
        Guid job, BuildResult result, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Writes what a workspace would have. Nothing else is left: no state, no deadline, and no agent that anybody could be.</summary>
    /// <param name="job">A job of type <see cref="JobType.TemplateVersionDryRun"/>.</param>
    /// <param name="result">What the daemon sent.</param>
    /// <param name="at">When the job ends.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    /// <returns>The foreseen agents; of kind <see cref="ErrorKind.Invalid"/> when the result is not possible.</returns>
    Task<Result<IReadOnlyList<AgentToken>>> CompleteDryRunAsync(
        Guid job, BuildResult result, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Writes what a job leaves that failed or was canceled: of a build the state, if the daemon sent one.</summary>
    /// <param name="job">A job of any type.</param>
    /// <param name="error">Why it failed; empty when its daemon acknowledges that it was canceled.</param>
    /// <param name="errorCode">Why, for programs; mostly absent.</param>
    /// <param name="state">What the daemon knows of the workspace; absent: what the build began with stays.</param>
    /// <param name="at">When the job ends.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    Task FailAsync(
        Guid job,
        string error,
        JobErrorCode? errorCode,
        ReadOnlyMemory<byte>? state,
        DateTimeOffset at,
        CancellationToken cancellationToken);

    /// <summary>Notes what the template of a failed import asks for, so that whoever is asked for values knows the names.</summary>
    /// <param name="job">A job of any type; of others than imports nothing is noted.</param>
    /// <param name="variables">As a daemon found them. The server's own reading of a manifest comes first.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    Task WantAsync(Guid job, IReadOnlyList<TemplateVariable> variables, CancellationToken cancellationToken);
}

/// <summary>An agent of a completed job.</summary>
/// <param name="Id">The agent.</param>
/// <param name="Name">Unique within the build.</param>
/// <param name="Token">What it proves itself with.</param>
public sealed record AgentToken(Guid Id, string Name, Guid Token);

/// <summary>What an import found out. The lists have passed the rules of the manifest already.</summary>
public sealed record ImportResult
{
    /// <summary>Whether the server reads the manifest in the archive itself; then nothing else is filled in.</summary>
    public bool FromManifest { get; init; }

    public IReadOnlyList<TemplateParameter> Parameters { get; init; } = [];

    public IReadOnlyList<TemplatePreset> Presets { get; init; } = [];

    public IReadOnlyList<TemplateVariable> Variables { get; init; } = [];

    public IReadOnlyList<ManifestResource> StartResources { get; init; } = [];

    public IReadOnlyList<ManifestResource> StopResources { get; init; } = [];

    /// <summary>Absent: the one that the version has stays.</summary>
    public string? Readme { get; init; }

    public AppReference? AiTask { get; init; }
}

/// <summary>What a build made. The resources have passed the rules of the manifest already.</summary>
public sealed record BuildResult
{
    /// <summary>Whether the server reads the manifest in the archive itself; then only <see cref="State"/> may be filled in.</summary>
    public bool FromManifest { get; init; }

    public IReadOnlyList<ManifestResource> Resources { get; init; } = [];

    /// <summary>What the daemon wants back at the next build; absent: what this build began with stays.</summary>
    public ReadOnlyMemory<byte>? State { get; init; }

    public AppReference? AiTask { get; init; }
}
