using System.Text.Json.Serialization;
using Coder.Api.Http;

namespace Coder.Api.Json;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ResponseBody))]
internal sealed partial class HttpJsonContext : JsonSerializerContext;
