using System.Text.Json.Serialization;

namespace Coder.Api.Templates;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TemplateJson[]))]
[JsonSerializable(typeof(CreateTemplateRequestJson))]
[JsonSerializable(typeof(UpdateTemplateRequestJson))]
[JsonSerializable(typeof(PromoteVersionRequestJson))]
[JsonSerializable(typeof(DausResponseJson))]
[JsonSerializable(typeof(TemplateVersionJson[]))]
[JsonSerializable(typeof(CreateTemplateVersionRequestJson))]
[JsonSerializable(typeof(PatchTemplateVersionRequestJson))]
[JsonSerializable(typeof(CreateTemplateVersionDryRunRequestJson))]
[JsonSerializable(typeof(ArchiveVersionsRequestJson))]
[JsonSerializable(typeof(ArchiveVersionsResponseJson))]
[JsonSerializable(typeof(TemplateVersionParameterJson[]))]
[JsonSerializable(typeof(TemplateVersionVariableJson[]))]
[JsonSerializable(typeof(PresetJson[]))]
[JsonSerializable(typeof(PresetParameterJson[]))]
[JsonSerializable(typeof(TemplateVersionExternalAuthJson[]))]
[JsonSerializable(typeof(TemplateExampleJson[]))]
[JsonSerializable(typeof(TemplateAclJson))]
[JsonSerializable(typeof(UpdateTemplateAclRequestJson))]
[JsonSerializable(typeof(AclAvailableJson))]
internal sealed partial class TemplatesJsonContext : JsonSerializerContext;
