using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Coder.Api.Json;

/// <summary>RFC 3339 in UTC with <c>Z</c> and at most six fraction digits, trailing zeros cut (docs/spec/platform.md, section 4 rule 4).</summary>
internal sealed class UtcTimestampConverter : JsonConverter<DateTimeOffset>
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var value)
            ? value.ToUniversalTime()
            : throw new JsonException("expected a time such as 2025-01-31T12:00:00Z");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[Format.Length];
        if (!value.UtcDateTime.TryFormat(text, out var length, Format, CultureInfo.InvariantCulture))
        {
            throw new InvalidOperationException("A time did not fit its buffer.");
        }

        writer.WriteStringValue(text[..length]);
    }
}
