using System.Text.Json.Serialization;

namespace Coder.Api.Builds;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WorkspaceBuildJson[]))]
[JsonSerializable(typeof(WorkspaceBuildParameterJson[]))]
[JsonSerializable(typeof(CreateWorkspaceBuildRequestJson))]
[JsonSerializable(typeof(CreateWorkspaceRequestJson))]
[JsonSerializable(typeof(UpdateWorkspaceBuildStateRequestJson))]
[JsonSerializable(typeof(WorkspaceBuildTimingsJson))]
internal sealed partial class BuildsJsonContext : JsonSerializerContext;
