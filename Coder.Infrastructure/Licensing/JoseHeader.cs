using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Coder.Application.Licensing;

namespace Coder.Infrastructure.Licensing;

/// <summary>The two header parameters that a verifier acts on; everything else in the header is the signer's own business.</summary>
/// <param name="Algorithm">The parameter <c>alg</c>.</param>
/// <param name="KeyId">The parameter <c>kid</c>; <see langword="null"/> when it is absent, empty or not a string.</param>
internal sealed record JoseHeader(string Algorithm, string? KeyId)
{
    /// <summary>Reads a decoded header; of equal names the last one counts.</summary>
    /// <returns>
    /// <see langword="false"/> without a readable <c>alg</c>, and with <c>crit</c>: it names extensions that a verifier has to
    /// understand, and we understand none (RFC 7515, section 4.1.11).
    /// </returns>
    public static bool TryParse(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out JoseHeader? header)
    {
        header = null;
        if (!LicensePayload.IsObject(json.Span))
        {
            return false;
        }

        using var document = JsonDocument.Parse(json);
        try
        {
            if (!document.RootElement.TryGetProperty("crit", out _) && Text(document.RootElement, "alg") is { } algorithm)
            {
                header = new JoseHeader(algorithm, Text(document.RootElement, "kid"));
            }
        }
        catch (InvalidOperationException)
        {
            // Strings are decoded only when asked for, and that is how escapes that are no Unicode are reported.
            header = null;
        }

        return header is not null;
    }

    private static string? Text(JsonElement header, string name) =>
        header.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : null;
}
