namespace Coder.Domain.Templates;

/// <summary>One state of the archive of a template, and what its import found in it.</summary>
public sealed record TemplateVersion
{
    /// <summary>Never changes.</summary>
    public required Guid Id { get; init; }

    /// <summary><see langword="null"/> as long as no template was made of it.</summary>
    public Guid? TemplateId { get; init; }

    /// <summary>Never changes.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Unique in the template and compared exactly, see <see cref="Users.NameRules.IsTemplateVersionName"/>.</summary>
    public required string Name { get; init; }

    /// <summary>What changed, in the words of the author; may be empty.</summary>
    public string Message { get; init; } = "";

    /// <summary>Markdown; empty until the import ended and when the archive has none.</summary>
    public string Readme { get; init; } = "";

    /// <summary>The job of the import.</summary>
    public required Guid JobId { get; init; }

    /// <summary>Who made the version.</summary>
    public required Guid CreatedBy { get; init; }

    /// <summary>Hidden from lists; nothing new is made of it.</summary>
    public bool IsArchived { get; init; }

    /// <summary>The example that it was made from.</summary>
    public string? SourceExampleId { get; init; }

    /// <summary><see langword="null"/> until the import ended well.</summary>
    public bool? HasAiTask { get; init; }

    /// <summary><see langword="null"/> until the import ended well.</summary>
    public bool? HasExternalAgent { get; init; }
}

/// <summary>A preset as it is stored.</summary>
public sealed record VersionPreset
{
    /// <summary>Never changes; another version has another one.</summary>
    public required Guid Id { get; init; }

    /// <summary>The version that it belongs to.</summary>
    public required Guid TemplateVersionId { get; init; }

    /// <summary>Unique within the version.</summary>
    public required string Name { get; init; }

    /// <summary>May be empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>A picture; may be empty.</summary>
    public string Icon { get; init; } = "";

    /// <summary>Whether forms begin with it.</summary>
    public bool IsDefault { get; init; }

    /// <summary>How many workspaces are built before somebody asks; <see langword="null"/>: none, ever.</summary>
    public int? DesiredInstances { get; init; }

    /// <summary>By name.</summary>
    public IReadOnlyList<ParameterValue> Parameters { get; init; } = [];
}
