using System.Globalization;
using System.Text.Json;
using Coder.Cli.Common;

namespace Coder.Cli.Licenses;

/// <summary>One license as the server shows it. Claims are foreign text: anything may be missing or of another type.</summary>
internal readonly record struct LicenseView(JsonElement Json)
{
    private const string ExpiresClaim = "license_expires";

    internal string Id => Property(Json, "id") is { ValueKind: JsonValueKind.Number } id ? id.GetRawText() : "";

    internal string Uuid => Text(Json, "uuid");

    /// <summary>RFC 3339 in UTC, to the second.</summary>
    internal string UploadedAt =>
        DateTimeOffset.TryParse(Text(Json, "uploaded_at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? TimeText.Format(time)
            : "";

    /// <summary>End of the term (not of the grace period), RFC 3339 in UTC.</summary>
    internal string ExpiresAt => Number(Property(Claims, ExpiresClaim)) is { } seconds and > -62_135_596_800 and < 253_402_300_800
        ? TimeText.Format(DateTimeOffset.FromUnixTimeSeconds((long)seconds))
        : "";

    internal bool IsTrial => Property(Claims, "trial") is { ValueKind: JsonValueKind.True };

    /// <summary><c>all features</c> for a legacy license, else <c>name=value</c> for each value above zero.</summary>
    internal string Features
    {
        get
        {
            if (Property(Claims, "all_features") is { ValueKind: JsonValueKind.True })
            {
                return "all features";
            }

            return Property(Claims, "features") is { ValueKind: JsonValueKind.Object } features
                ? string.Join(", ", features.EnumerateObject()
                    .Where(feature => Number(feature.Value) > 0)
                    .Select(feature => $"{feature.Name}={feature.Value.GetRawText()}"))
                : "";
        }
    }

    private JsonElement? Claims => Property(Json, "claims");

    /// <summary>Writes the license with <c>license_expires_human</c> after its claims; all else stays as the server sent it.</summary>
    internal void WriteTo(Utf8JsonWriter writer)
    {
        if (Json.ValueKind != JsonValueKind.Object)
        {
            Json.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        foreach (var property in Json.EnumerateObject())
        {
            writer.WritePropertyName(property.Name);
            if (property.NameEquals("claims") && property.Value.ValueKind == JsonValueKind.Object && ExpiresAt.Length > 0)
            {
                writer.WriteStartObject();
                foreach (var claim in property.Value.EnumerateObject())
                {
                    claim.WriteTo(writer);
                }

                writer.WriteString(ExpiresClaim + "_human", ExpiresAt);
                writer.WriteEndObject();
            }
            else
            {
                property.Value.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }

    private static JsonElement? Property(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(name, out var value) ? value : null;

    private static string Text(JsonElement parent, string name) =>
        Property(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() ?? "" : "";

    private static double? Number(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var result) ? result : null;
}
