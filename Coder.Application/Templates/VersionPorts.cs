using Coder.Domain.Common;
using Coder.Domain.Templates;

namespace Coder.Application.Templates;

/// <summary>Template versions with their imports.</summary>
public interface ITemplateVersionStore
{
    /// <summary>Reads versions with their jobs.</summary>
    Task<IReadOnlyList<VersionFacts>> ReadAsync(IReadOnlyCollection<Guid> versions, CancellationToken ct);

    /// <summary>Reads a version with its job, and lets nobody else change the version until this transaction ends.</summary>
    Task<VersionFacts?> LockAsync(Guid version, CancellationToken ct);

    /// <summary>The versions of a template, oldest first.</summary>
    /// <param name="template">The template.</param>
    /// <param name="includeArchived">Also those that are archived.</param>
    /// <param name="page">Which part of them; nothing comes after a version of another template.</param>
    /// <param name="ct">Cancels the statements.</param>
    Task<IReadOnlyList<VersionFacts>> ListAsync(Guid template, bool includeArchived, Page page, CancellationToken ct);

    /// <summary>Reads the version of this name; names are compared exactly.</summary>
    Task<VersionFacts?> FindByNameAsync(Guid template, string name, CancellationToken ct);

    /// <summary>Reads the version of the same template that was made before this one.</summary>
    Task<VersionFacts?> FindPreviousAsync(TemplateVersion version, CancellationToken ct);

    /// <summary>Adds a version whose job is in the queue already.</summary>
    /// <param name="version">The version.</param>
    /// <param name="provisioner">What the client said; the template takes it over.</param>
    /// <param name="ct">Cancels the statement.</param>
    /// <returns><see langword="false"/> when the template has a version of this name, also by a simultaneous call.</returns>
    Task<bool> AddAsync(TemplateVersion version, Domain.Provisioning.ProvisionerType provisioner, CancellationToken ct);

    /// <summary>Writes name, message, template and whether it is archived of a version that is locked.</summary>
    /// <returns>
    /// <see langword="false"/> when the template has another one of this name; the transaction can only be rolled back then.
    /// </returns>
    Task<bool> UpdateAsync(TemplateVersion version, CancellationToken ct);

    /// <summary>What the client said about a version that has no template yet.</summary>
    Task<Domain.Provisioning.ProvisionerType> WantedProvisionerAsync(Guid version, CancellationToken ct);

    /// <summary>
    /// Archives what no workspace uses in its latest build, is not the active version, and whose import ended.
    /// </summary>
    /// <param name="template">The template, which is locked.</param>
    /// <param name="version">Only this one; <see langword="null"/> for all.</param>
    /// <param name="failedOnly">Only those whose import failed or was canceled.</param>
    /// <param name="now">The moment of the change.</param>
    /// <param name="ct">Cancels the statement.</param>
    /// <returns>Those that were archived, in the order of their ids.</returns>
    Task<IReadOnlyList<Guid>> ArchiveUnusedAsync(Guid template, Guid? version, bool failedOnly, DateTimeOffset now, CancellationToken ct);
}

/// <summary>What imports found in their versions.</summary>
public interface ITemplateVersionContents
{
    /// <summary>What a version asks for at every build, in the order of the form.</summary>
    Task<IReadOnlyList<TemplateParameter>> ParametersAsync(Guid version, CancellationToken ct);

    /// <summary>The presets of a version: the default one first, the others by name.</summary>
    Task<IReadOnlyList<VersionPreset>> PresetsAsync(Guid version, CancellationToken ct);

    /// <summary>What a version asked for at its import, by name.</summary>
    Task<IReadOnlyList<VersionVariable>> VariablesAsync(Guid version, CancellationToken ct);
}

/// <summary>A variable with the value that the import took.</summary>
/// <param name="Variable">The variable.</param>
/// <param name="Value">As text; the value of a sensitive one is here too and must not be shown.</param>
public sealed record VersionVariable(TemplateVariable Variable, string Value);
