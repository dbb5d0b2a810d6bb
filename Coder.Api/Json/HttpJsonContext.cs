using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Coder.Api.Http;

namespace Coder.Api.Json;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ResponseBody))]
internal sealed partial class HttpJsonContext : JsonSerializerContext
{
    /// <summary>For answers that are written outside of the controllers, in the same form as theirs.</summary>
    public static HttpJsonContext Relaxed { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
