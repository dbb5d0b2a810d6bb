namespace Coder.Domain.Templates;

/// <summary>What an external daemon found in a template: the lists of a manifest that describe what the template asks for.</summary>
public sealed record TemplateInputs
{
    /// <inheritdoc cref="TemplateManifest.Variables"/>
    public IReadOnlyList<TemplateVariable> Variables { get; init; } = [];

    /// <inheritdoc cref="TemplateManifest.Parameters"/>
    public IReadOnlyList<TemplateParameter> Parameters { get; init; } = [];

    /// <inheritdoc cref="TemplateManifest.Presets"/>
    public IReadOnlyList<TemplatePreset> Presets { get; init; } = [];
}
