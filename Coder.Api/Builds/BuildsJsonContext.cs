using System.Text.Json.Serialization;

namespace Coder.Api.Builds;

[JsonSerializable(typeof(WorkspaceBuildJson[]))]
[JsonSerializable(typeof(WorkspaceBuildParameterJson[]))]
internal sealed partial class BuildsJsonContext : JsonSerializerContext;
