using System.Text.Json.Serialization;
using Coder.Cli.Jobs;

namespace Coder.Cli.Templates;

/// <summary>A template, as far as the tool reads it.</summary>
internal sealed record TemplateJson(
    Guid Id,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    Guid OrganizationId,
    string? OrganizationName,
    string? Name,
    string? DisplayName,
    string? Description,
    Guid ActiveVersionId,
    int ActiveUserCount,
    long DefaultTtlMs,
    bool Deprecated,
    string? CreatedByName);

/// <summary>A version of a template, as far as the tool reads it.</summary>
internal sealed record TemplateVersionJson(Guid Id, string? Name, JobJson? Job, MatchedProvisionersJson? MatchedProvisioners);

/// <summary>Something that a version asked for at its import.</summary>
internal sealed record TemplateVariableJson(
    string? Name, string? Description, string? Type, string? Value, string? DefaultValue, bool Required, bool Sensitive);

/// <summary>A name with its value.</summary>
internal sealed record NamedValueJson(string? Name, string? Value)
{
    internal static NamedValueJson[] Of(IReadOnlyDictionary<string, string> values) =>
        [.. values.Select(pair => new NamedValueJson(pair.Key, pair.Value))];
}

/// <summary>Answer to POST /files; the name of the id is a historical one.</summary>
internal sealed record UploadedFileJson(Guid Hash);

/// <summary>Body of POST /organizations/{organization}/templateversions.</summary>
internal sealed record NewVersionJson(
    string? Name,
    string? Message,
    Guid? TemplateId,
    string StorageMethod,
    Guid FileId,
    string Provisioner,
    NamedValueJson[] UserVariableValues,
    IReadOnlyDictionary<string, string>? Tags);

/// <summary>Body of POST /organizations/{organization}/templates.</summary>
internal sealed record NewTemplateJson(string Name, Guid TemplateVersionId);

/// <summary>Body of PATCH /templates/{template}/versions.</summary>
internal sealed record ActiveVersionJson(Guid Id);

/// <summary>Body of PATCH /templateversions/{version}.</summary>
internal sealed record RenamedVersionJson(string Name);

/// <summary>One of the values that a parameter may have.</summary>
internal sealed record ParameterOptionJson(string? Name, string? Description, string? Value);

/// <summary>Something that a version asks for at every build.</summary>
internal sealed record ParameterJson(
    string? Name,
    string? DisplayName,
    string? DescriptionPlaintext,
    string? Type,
    string? FormType,
    bool Mutable,
    string? DefaultValue,
    ParameterOptionJson[]? Options,
    string? ValidationError,
    string? ValidationRegex,
    int? ValidationMin,
    int? ValidationMax,
    bool Required,
    bool Ephemeral);

/// <summary>A named set of values. Its keys begin with capitals on the wire, which the context reads all the same.</summary>
internal sealed record PresetJson(Guid Id, string? Name, NamedValueJson[]? Parameters, bool Default);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(TemplateJson[]))]
[JsonSerializable(typeof(TemplateVersionJson))]
[JsonSerializable(typeof(TemplateVariableJson[]))]
[JsonSerializable(typeof(UploadedFileJson))]
[JsonSerializable(typeof(NewVersionJson))]
[JsonSerializable(typeof(NewTemplateJson))]
[JsonSerializable(typeof(ActiveVersionJson))]
[JsonSerializable(typeof(RenamedVersionJson))]
[JsonSerializable(typeof(ParameterJson[]))]
[JsonSerializable(typeof(PresetJson[]))]
[JsonSerializable(typeof(JobLogLineJson[]))]
internal sealed partial class TemplatesJsonContext : JsonSerializerContext;
