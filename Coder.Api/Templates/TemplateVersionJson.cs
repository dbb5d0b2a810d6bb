using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Coder.Api.Provisioning;
using Coder.Api.Swagger;
using Coder.Application.Templates;
using Coder.Domain.Provisioning;

namespace Coder.Api.Templates;

/// <summary>One state of the archive of a template.</summary>
public sealed record TemplateVersionJson
{
    /// <summary>Never changes.</summary>
    public required Guid Id { get; init; }

    /// <summary>Left out as long as no template was made of it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? TemplateId { get; init; }

    /// <summary>The organization that it belongs to.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Unique in its template.</summary>
    public required string Name { get; init; }

    /// <summary>What changed, in the words of the author; may be empty.</summary>
    public required string Message { get; init; }

    /// <summary>The job of its import.</summary>
    public required ProvisionerJobJson Job { get; init; }

    /// <summary>Markdown; empty until the import ended.</summary>
    public required string Readme { get; init; }

    /// <summary>Who made it.</summary>
    public required VersionAuthorJson CreatedBy { get; init; }

    /// <summary>Whether lists leave it out.</summary>
    public required bool Archived { get; init; }

    /// <summary>What is wrong with how it is used; there is nothing to warn of.</summary>
    [DocumentedTexts("UNSUPPORTED_WORKSPACES")]
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The daemons that could run its import.</summary>
    public required MatchedProvisionersJson MatchedProvisioners { get; init; }

    /// <summary>Whether agents run outside of what it makes; false until the import ended.</summary>
    public required bool HasExternalAgent { get; init; }

    internal static TemplateVersionJson From(VersionView view) => new()
    {
        Id = view.Version.Id,
        TemplateId = view.Version.TemplateId,
        OrganizationId = view.Version.OrganizationId,
        CreatedAt = view.Version.CreatedAt,
        UpdatedAt = view.Version.UpdatedAt,
        Name = view.Version.Name,
        Message = view.Version.Message,
        Job = ProvisionerJobJson.From(view.Job),
        Readme = view.Version.Readme,
        CreatedBy = new VersionAuthorJson(
            view.Author.Id, view.Author.Username, view.Author.AvatarUrl.Length == 0 ? null : view.Author.AvatarUrl),
        Archived = view.Version.IsArchived,
        Warnings = [],
        MatchedProvisioners = MatchedProvisionersJson.From(view.Job.Matched),
        HasExternalAgent = view.Version.HasExternalAgent == true,
    };
}

/// <summary>Who made a version.</summary>
/// <param name="Id">The user.</param>
/// <param name="Username">The name.</param>
/// <param name="AvatarUrl">A picture; left out when there is none.</param>
public sealed record VersionAuthorJson(
    [property: Required] Guid Id,
    [property: Required] string Username,
    [property: Url, JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AvatarUrl);

/// <summary>Makes a version.</summary>
public sealed record CreateTemplateVersionRequestJson
{
    /// <summary>
    /// At most 64 letters and digits with single underscores, dots and hyphens between them; two random words when left out.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>What changed.</summary>
    public string? Message { get; init; }

    /// <summary>The template that gets the version; left out for one that is still to be made.</summary>
    public Guid? TemplateId { get; init; }

    /// <summary>Always <c>file</c>.</summary>
    [Required]
    [DocumentedTexts("file")]
    public string? StorageMethod { get; init; }

    /// <summary>An archive that was uploaded.</summary>
    public Guid? FileId { get; init; }

    /// <summary>An example that comes with the server, instead of an archive.</summary>
    public string? ExampleId { get; init; }

    /// <summary>Kept with the template; the archive decides what runs its jobs.</summary>
    [Required]
    [WireNames(typeof(ProvisionerType))]
    public string? Provisioner { get; init; }

    /// <summary>Which daemons may run the jobs of the version.</summary>
    public IReadOnlyDictionary<string, string?>? Tags { get; init; }

    /// <summary>Values of the template's variables; of two with one name the later one counts.</summary>
    public IReadOnlyList<UserVariableValueJson?>? UserVariableValues { get; init; }

    internal NewVersion ToVersion() => new()
    {
        Name = Name ?? "",
        Message = Message ?? "",
        TemplateId = NullIfNil(TemplateId),
        StorageMethod = StorageMethod ?? "",
        FileId = NullIfNil(FileId),
        ExampleId = ExampleId ?? "",
        Provisioner = Provisioner ?? "",
        Tags = (Tags ?? new Dictionary<string, string?>(StringComparer.Ordinal))
            .ToDictionary(tag => tag.Key, tag => tag.Value ?? "", StringComparer.Ordinal),
        Variables = UserVariableValueJson.Read(UserVariableValues),
    };

    private static Guid? NullIfNil(Guid? id) => id == Guid.Empty ? null : id;
}

/// <summary>The value of a variable.</summary>
/// <param name="Name">The variable.</param>
/// <param name="Value">As text, whatever its type.</param>
public sealed record UserVariableValueJson(string? Name, string? Value)
{
    /// <summary>By name; of two with one name the later one counts.</summary>
    internal static IReadOnlyDictionary<string, string> Read(IReadOnlyList<UserVariableValueJson?>? values) => (values ?? [])
        .OfType<UserVariableValueJson>()
        .GroupBy(value => value.Name ?? "", StringComparer.Ordinal)
        .ToDictionary(one => one.Key, one => one.Last().Value ?? "", StringComparer.Ordinal);
}

/// <summary>Changes a version.</summary>
/// <param name="Name">Empty leaves it.</param>
/// <param name="Message">What changed; left out, it stays.</param>
public sealed record PatchTemplateVersionRequestJson(string? Name, string? Message);

/// <summary>Archives versions that nothing uses.</summary>
/// <param name="All">Also those whose import ended well.</param>
public sealed record ArchiveVersionsRequestJson(bool? All);

/// <summary>What was archived.</summary>
/// <param name="TemplateId">The template.</param>
/// <param name="ArchivedIds">Its versions.</param>
public sealed record ArchiveVersionsResponseJson(Guid TemplateId, IReadOnlyList<Guid> ArchivedIds);
