using System.Text.Json.Serialization;

namespace Coder.Api.Files;

/// <summary>An uploaded file.</summary>
/// <param name="Hash">The id of the file. The name is a historical one.</param>
public sealed record UploadResponseJson(Guid Hash);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(UploadResponseJson))]
internal sealed partial class FilesJsonContext : JsonSerializerContext;
