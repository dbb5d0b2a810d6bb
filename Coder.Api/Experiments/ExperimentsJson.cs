using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Coder.Api.Experiments;

/// <summary>Experiments that can be switched on without risk.</summary>
/// <param name="Safe">What <c>*</c> in the setting stands for.</param>
public sealed record AvailableExperimentsJson([property: Required] IReadOnlyList<string> Safe);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AvailableExperimentsJson))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class ExperimentsJsonContext : JsonSerializerContext;
