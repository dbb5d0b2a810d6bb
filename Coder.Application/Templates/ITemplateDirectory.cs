using Coder.Domain.Provisioning;
using Coder.Domain.Templates;

namespace Coder.Application.Templates;

/// <summary>
/// Templates and their versions as other features need them, whoever may see them: decisions are the caller's, by
/// <see cref="Template.Ref"/>. What the license does not give is not there: see <see cref="TemplateLicensing"/>.
/// </summary>
public interface ITemplateDirectory
{
    /// <summary>Reads a template, also one that is deleted.</summary>
    Task<Template?> FindAsync(Guid template, CancellationToken ct);

    /// <summary>Reads templates, also those that are deleted, in one statement.</summary>
    /// <returns>By id; a template that does not exist is missing.</returns>
    Task<IReadOnlyDictionary<Guid, Template>> ReadAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct);

    /// <summary>Reads a template that is not deleted, and keeps it from being deleted until the transaction of the caller ends.</summary>
    Task<Template?> HoldAsync(Guid template, CancellationToken ct);

    /// <summary>Reads a version with its job.</summary>
    Task<VersionFacts?> FindVersionAsync(Guid version, CancellationToken ct);

    /// <summary>Reads versions with their jobs, in one statement.</summary>
    /// <returns>By id; a version that does not exist is missing.</returns>
    Task<IReadOnlyDictionary<Guid, VersionFacts>> ReadVersionsAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct);

    /// <summary>What a version asks for at every build, in the order of the form.</summary>
    Task<IReadOnlyList<TemplateParameter>> ParametersAsync(Guid version, CancellationToken ct);

    /// <summary>The presets of a version: the default one first, the others by name.</summary>
    Task<IReadOnlyList<VersionPreset>> PresetsAsync(Guid version, CancellationToken ct);
}

/// <summary>A version with what decides whether something can be built from it.</summary>
/// <param name="Version">The version.</param>
/// <param name="Job">The import.</param>
public sealed record VersionFacts(TemplateVersion Version, ImportFacts Job)
{
    /// <summary>Who made the version.</summary>
    public VersionAuthor Author { get; init; } = new(Version.CreatedBy, "", "");
}

/// <summary>Who made a version.</summary>
/// <param name="Id">The user.</param>
/// <param name="Username">The name.</param>
/// <param name="AvatarUrl">A picture; may be empty.</param>
public sealed record VersionAuthor(Guid Id, string Username, string AvatarUrl);

/// <summary>What builds take over from the import of their version, and what has become of it.</summary>
public sealed record ImportFacts
{
    /// <inheritdoc cref="JobStatus"/>
    public required JobStatus Status { get; init; }

    /// <summary>Why the import failed; empty when it did not.</summary>
    public string Error { get; init; } = "";

    /// <summary>The archive.</summary>
    public required Guid FileId { get; init; }

    /// <summary>What runs the jobs of the version; it depends on the archive.</summary>
    public required ProvisionerType Provisioner { get; init; }

    /// <summary>Those of the import; of a build see <see cref="JobTags.ForOwner"/>.</summary>
    public required JobTags Tags { get; init; }
}
