using System.Text.Json.Serialization;
using Coder.Api.Swagger;
using Coder.Application.Templates;
using Coder.Domain.Templates;

namespace Coder.Api.Templates;

/// <summary>Something that a version asks for at every build.</summary>
public sealed record TemplateVersionParameterJson
{
    /// <summary>Unique in the version.</summary>
    public required string Name { get; init; }

    /// <summary>What people see instead of the name; left out when empty.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DisplayName { get; init; }

    /// <summary>Markdown; may be empty.</summary>
    public required string Description { get; init; }

    /// <summary>The same without marks.</summary>
    public required string DescriptionPlaintext { get; init; }

    /// <summary>What the values are.</summary>
    [WireNames(typeof(ParameterType))]
    public required string Type { get; init; }

    /// <summary>How a form asks for it.</summary>
    [WireNames(typeof(ParameterFormType))]
    public required string FormType { get; init; }

    /// <summary>Whether later builds may have another value than the first one.</summary>
    public required bool Mutable { get; init; }

    /// <summary>The value if there is no other; empty if somebody must give one.</summary>
    public required string DefaultValue { get; init; }

    /// <summary>A picture; may be empty.</summary>
    public required string Icon { get; init; }

    /// <summary>The only values; empty: any.</summary>
    public required IReadOnlyList<ParameterOptionJson> Options { get; init; }

    /// <summary>What is said about a value that breaks a rule; left out when empty.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ValidationError { get; init; }

    /// <summary>A pattern for values; left out when there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ValidationRegex { get; init; }

    /// <summary>The least number; left out when there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ValidationMin { get; init; }

    /// <summary>The greatest number; left out when there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ValidationMax { get; init; }

    /// <summary>How a number may change from build to build; left out when it may change as it likes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [WireNames(typeof(MonotonicOrder))]
    public string? ValidationMonotonic { get; init; }

    /// <summary>Whether somebody must give a value.</summary>
    public required bool Required { get; init; }

    /// <summary>Whether a value is for one build only.</summary>
    public required bool Ephemeral { get; init; }

    internal static TemplateVersionParameterJson From(TemplateParameter parameter) => new()
    {
        Name = parameter.Name,
        DisplayName = NullIfEmpty(parameter.DisplayName),
        Description = parameter.Description,
        DescriptionPlaintext = MarkdownText.ToPlain(parameter.Description),
        Type = parameter.Type.WireName(),
        FormType = parameter.FormType.WireName(),
        Mutable = parameter.Mutable,
        DefaultValue = parameter.DefaultValue ?? "",
        Icon = parameter.Icon,
        Options = [.. parameter.Options.Select(o => new ParameterOptionJson(o.Name, o.Description, o.Value, o.Icon))],
        ValidationError = NullIfEmpty(parameter.ValidationError),
        ValidationRegex = NullIfEmpty(parameter.ValidationRegex),
        ValidationMin = parameter.ValidationMin,
        ValidationMax = parameter.ValidationMax,
        ValidationMonotonic = NullIfEmpty(parameter.ValidationMonotonic.WireName()),
        Required = parameter.Required,
        Ephemeral = parameter.Ephemeral,
    };

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}

/// <summary>One of the values that a parameter may have.</summary>
/// <param name="Name">What people see.</param>
/// <param name="Description">More about it; may be empty.</param>
/// <param name="Value">What the parameter becomes.</param>
/// <param name="Icon">A picture; may be empty.</param>
public sealed record ParameterOptionJson(string Name, string Description, string Value, string Icon);

/// <summary>Something that a version asked for at its import.</summary>
/// <param name="Name">Unique in the version.</param>
/// <param name="Description">What it is for; may be empty.</param>
/// <param name="Type">What the value is.</param>
/// <param name="Value">The value that the import took; empty when it is sensitive.</param>
/// <param name="DefaultValue">The value if no other is given; empty when it is sensitive.</param>
/// <param name="Required">Whether a value must be given.</param>
/// <param name="Sensitive">Whether its value is shown to nobody.</param>
public sealed record TemplateVersionVariableJson(
    string Name,
    string Description,
    [property: DocumentedTexts("string", "number", "bool")] string Type,
    string Value,
    string DefaultValue,
    bool Required,
    bool Sensitive)
{
    internal static TemplateVersionVariableJson From(VersionVariable read) => new(
        read.Variable.Name,
        read.Variable.Description,
        read.Variable.Type.WireName(),
        read.Value,
        read.Variable.DefaultValue ?? "",
        read.Variable.Required,
        read.Variable.Sensitive);
}

/// <summary>A named set of parameter values. Clients expect these names with capital letters.</summary>
/// <param name="Id">Another version has another one.</param>
/// <param name="Name">Unique in the version.</param>
/// <param name="Parameters">The values, by name.</param>
/// <param name="Default">Whether forms begin with it.</param>
/// <param name="DesiredPrebuildInstances">How many workspaces are built before somebody asks; null: none, ever.</param>
/// <param name="Description">May be empty.</param>
/// <param name="Icon">A picture; may be empty.</param>
public sealed record PresetJson(
    [property: JsonPropertyName("ID")] Guid Id,
    [property: JsonPropertyName("Name")] string Name,
    [property: JsonPropertyName("Parameters")] IReadOnlyList<PresetParameterJson> Parameters,
    [property: JsonPropertyName("Default")] bool Default,
    [property: JsonPropertyName("DesiredPrebuildInstances")] int? DesiredPrebuildInstances,
    [property: JsonPropertyName("Description")] string Description,
    [property: JsonPropertyName("Icon")] string Icon)
{
    internal static PresetJson From(VersionPreset preset) => new(
        preset.Id,
        preset.Name,
        [.. preset.Parameters.Select(p => new PresetParameterJson(p.Name, p.Value))],
        preset.IsDefault,
        preset.DesiredInstances,
        preset.Description,
        preset.Icon);
}

/// <summary>A value of a preset.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Value">As text, whatever its type.</param>
public sealed record PresetParameterJson(
    [property: JsonPropertyName("Name")] string Name, [property: JsonPropertyName("Value")] string Value);

/// <summary>An account elsewhere that a version needs.</summary>
/// <param name="Id">The provider.</param>
/// <param name="Type">The kind of provider.</param>
/// <param name="DisplayName">Its name for people.</param>
/// <param name="DisplayIcon">A picture.</param>
/// <param name="AuthenticateUrl">Where you connect the account.</param>
/// <param name="Authenticated">Whether you have.</param>
/// <param name="Optional">Whether it works without.</param>
public sealed record TemplateVersionExternalAuthJson(
    string Id, string Type, string DisplayName, string DisplayIcon, string AuthenticateUrl, bool Authenticated, bool? Optional);

/// <summary>A template to begin with.</summary>
/// <param name="Id">Names it when a version is made of it.</param>
/// <param name="Url">Where more about it stands; empty.</param>
/// <param name="Name">The title.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Icon">A picture.</param>
/// <param name="Tags">What people may look for.</param>
/// <param name="Markdown">What explains it.</param>
public sealed record TemplateExampleJson(
    Guid Id, string Url, string Name, string Description, string Icon, IReadOnlyList<string> Tags, string Markdown)
{
    internal static TemplateExampleJson From(TemplateExample example) =>
        new(example.Id, "", example.Name, example.Description, example.Icon, example.Tags, example.Readme);
}
