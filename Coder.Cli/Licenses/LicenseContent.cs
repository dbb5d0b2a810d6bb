using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Coder.Cli.Licenses;

/// <summary>The claims of a license to be issued (docs/spec/licensing.md, section 2.2).</summary>
/// <remarks>Optional claims that are <see langword="null"/>, empty or false are left out; times are cut to whole seconds.</remarks>
internal sealed record LicenseContent
{
    public required long Version { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset LicenseExpires { get; init; }

    public required DateTimeOffset Expires { get; init; }

    public required string Uuid { get; init; }

    public string? Issuer { get; init; }

    public string? Subject { get; init; }

    public string? AccountType { get; init; }

    public string? AccountId { get; init; }

    public string? FeatureSet { get; init; }

    public bool AllFeatures { get; init; }

    public bool Trial { get; init; }

    public bool RequireTelemetry { get; init; }

    public bool PublishUsageData { get; init; }

    public IReadOnlyList<string> DeploymentIds { get; init; } = [];

    public IReadOnlyDictionary<string, long> Features { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>The license as a JWT in compact form, signed with EdDSA (RFC 8037).</summary>
    internal string Sign(SigningKey key)
    {
        var header = Segment(writer =>
        {
            writer.WriteString("alg", "EdDSA");
            writer.WriteString("kid", key.Id);
            writer.WriteString("typ", "JWT");
        });
        var signed = $"{header}.{Segment(WriteClaims)}";
        return $"{signed}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    private void WriteClaims(Utf8JsonWriter writer)
    {
        WriteText(writer, "iss", Issuer);
        WriteText(writer, "sub", Subject);
        writer.WriteNumber("exp", Expires.ToUnixTimeSeconds());
        writer.WriteNumber("nbf", NotBefore.ToUnixTimeSeconds());
        writer.WriteNumber("iat", IssuedAt.ToUnixTimeSeconds());
        writer.WriteString("jti", Uuid);
        writer.WriteNumber("license_expires", LicenseExpires.ToUnixTimeSeconds());
        WriteText(writer, "account_type", AccountType);
        WriteText(writer, "account_id", AccountId);
        WriteFlag(writer, "trial", Trial);
        WriteText(writer, "feature_set", FeatureSet);
        WriteFlag(writer, "all_features", AllFeatures);
        writer.WriteNumber("version", Version);
        writer.WriteStartObject("features");
        foreach (var (name, value) in Features)
        {
            writer.WriteNumber(name, value);
        }

        writer.WriteEndObject();
        WriteFlag(writer, "require_telemetry", RequireTelemetry);
        WriteFlag(writer, "publish_usage_data", PublishUsageData);
        if (DeploymentIds.Count > 0)
        {
            writer.WriteStartArray("deployment_ids");
            foreach (var id in DeploymentIds)
            {
                writer.WriteStringValue(id);
            }

            writer.WriteEndArray();
        }
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            writer.WriteString(name, value);
        }
    }

    private static void WriteFlag(Utf8JsonWriter writer, string name, bool value)
    {
        if (value)
        {
            writer.WriteBoolean(name, value);
        }
    }

    private static string Segment(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return Base64Url.EncodeToString(stream.ToArray());
    }
}
