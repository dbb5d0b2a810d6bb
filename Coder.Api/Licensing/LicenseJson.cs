using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Coder.Application.Licensing;

namespace Coder.Api.Licensing;

/// <summary>Adds a license.</summary>
/// <param name="License">The signed token: three base64url parts with dots between them. White space around it does not count.</param>
public sealed record AddLicenseRequestJson([property: Required] string? License);

/// <summary>A stored license. The token itself is never shown.</summary>
/// <param name="Id">The number to delete it by.</param>
/// <param name="Uuid">The license's own id.</param>
/// <param name="UploadedAt">When it was added.</param>
/// <param name="Claims">What the license says, as it was signed; unknown claims stay.</param>
public sealed record LicenseJson(int Id, Guid Uuid, DateTimeOffset UploadedAt, RawJson Claims)
{
    internal static LicenseJson From(LicenseInfo license) => new(license.Id, license.Uuid, license.UploadedAt, new RawJson(license.ClaimsJson));
}

/// <summary>A JSON value that is passed on as it is, to the last digit.</summary>
[JsonConverter(typeof(Converter))]
public readonly record struct RawJson(string Text)
{
    internal sealed class Converter : JsonConverter<RawJson>
    {
        public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Raw JSON is only written.");

        public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) => writer.WriteRawValue(value.Text);
    }
}
