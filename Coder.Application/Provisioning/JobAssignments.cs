using System.Text.Json;
using Coder.Application.Files;
using Coder.Domain.Provisioning;
using Coder.Domain.Templates;
using Coder.Domain.Workspaces;

namespace Coder.Application.Provisioning;

/// <summary>All that a daemon needs to know to carry a job out.</summary>
/// <param name="Job">The job.</param>
/// <param name="Manifest">The manifest of the template as it is written; null when there is none that could be read.</param>
/// <param name="Import">Of an import.</param>
/// <param name="Build">Of a build.</param>
/// <param name="DryRun">Of a dry run.</param>
public sealed record JobAssignment(
    JobView Job, JsonElement? Manifest, ImportAssignment? Import, BuildAssignment? Build, DryRunAssignment? DryRun = null);

/// <summary>What a dry run is about, apart from what its job says: whose workspace it would be.</summary>
/// <param name="OwnerName">Empty when that user is gone.</param>
/// <param name="OwnerEmail">As above.</param>
public sealed record DryRunAssignment(string OwnerName, string OwnerEmail);

/// <summary>What an import is about.</summary>
public sealed record ImportAssignment(Guid TemplateVersionId, IReadOnlyDictionary<string, string> UserVariableValues);

/// <summary>What a build is about.</summary>
public sealed record BuildAssignment
{
    /// <summary>The build.</summary>
    public required Guid BuildId { get; init; }

    /// <summary>From 1.</summary>
    public required int BuildNumber { get; init; }

    /// <summary>What is to happen.</summary>
    public required WorkspaceTransition Transition { get; init; }

    /// <summary>Why.</summary>
    public required BuildReason Reason { get; init; }

    /// <summary>The workspace.</summary>
    public required Guid WorkspaceId { get; init; }

    /// <summary>Its name.</summary>
    public required string WorkspaceName { get; init; }

    /// <summary>Its owner; after a claim the new one.</summary>
    public required Guid OwnerId { get; init; }

    /// <summary>The owner's name.</summary>
    public required string OwnerName { get; init; }

    /// <summary>The owner's address.</summary>
    public required string OwnerEmail { get; init; }

    /// <summary>Where it belongs.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>Its template.</summary>
    public required Guid TemplateId { get; init; }

    /// <summary>The template's name.</summary>
    public required string TemplateName { get; init; }

    /// <summary>The version that is built.</summary>
    public required Guid TemplateVersionId { get; init; }

    /// <summary>The preset, if one was chosen.</summary>
    public Guid? PresetId { get; init; }

    /// <summary>Parameter values by name.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary>The values of the version's variables by name, the sensitive ones too.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>What the last build left; empty at the first one.</summary>
    public required ReadOnlyMemory<byte> State { get; init; }

    /// <summary>The tokens of the agents that a claim must not cut off, by name.</summary>
    public required IReadOnlyDictionary<string, Guid> RunningAgents { get; init; }
}

/// <summary>Reads what builds are about.</summary>
public interface IBuildAssignments
{
    /// <summary>Finds what the build of a job is about.</summary>
    Task<BuildAssignment?> FindAsync(Guid job, CancellationToken cancellationToken);
}

/// <summary>Puts together what a daemon needs to know.</summary>
internal sealed class JobAssignments(IJobQueue queue, IBuildAssignments builds, IFileStore files, IJobResultStore users)
{
    private static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public async Task<JobAssignment> ReadAsync(Guid id, CancellationToken ct)
    {
        var job = (await queue.ReadAsync([id], ct))[id];
        return new JobAssignment(
            job,
            await ManifestAsync(job.FileId, ct),
            job is { Type: JobType.TemplateVersionImport, Input.TemplateVersionId: { } version }
                ? new ImportAssignment(version, job.Input.UserVariableValues ?? new Dictionary<string, string>(StringComparer.Ordinal))
                : null,
            job.Type == JobType.WorkspaceBuild ? await BuildAsync(job, ct) : null,
            job.Type == JobType.TemplateVersionDryRun ? await DryRunAsync(job, ct) : null);
    }

    private async Task<DryRunAssignment> DryRunAsync(JobView job, CancellationToken ct) =>
        await users.FindUserAsync(job.InitiatorId, ct) is { } owner ? new(owner.Name, owner.Email) : new("", "");

    // Whoever is given no state has nothing to tear down. Builds after a canceled one go on with the last state all the same.
    private async Task<BuildAssignment?> BuildAsync(JobView job, CancellationToken ct)
    {
        var build = await builds.FindAsync(job.Id, ct);
        return job.Input.Orphan && build is not null ? build with { State = ReadOnlyMemory<byte>.Empty } : build;
    }

    private async Task<JsonElement?> ManifestAsync(Guid id, CancellationToken ct)
    {
        if (await files.FindAsync(id, ct) is not { } file)
        {
            return null;
        }

        await using var tar = files.Open(file);
        var read = await TemplateArchive.ReadRootAsync(tar, name => name == TemplateManifest.FileName, TemplateManifest.MaximumBytes, ct);
        return read.Is(out var found, out _) && found is [var manifest] ? Parse(manifest.Content) : null;
    }

    private static JsonElement? Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8.Span.StartsWith("\uFEFF"u8) ? utf8["\uFEFF"u8.Length..] : utf8, Options);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
