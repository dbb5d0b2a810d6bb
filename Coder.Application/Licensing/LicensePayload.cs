using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Coder.Application.Licensing;

/// <summary>Reads what a license says without judging it (docs/spec/licensing.md, section 5).</summary>
/// <remarks>Expired, untrusted and hand-edited licenses are listed too, so nothing here verifies or throws.</remarks>
public static class LicensePayload
{
    /// <summary>The most levels of nesting that a payload may have, so that it still fits into an answer that holds it.</summary>
    public const int MaxDepth = 32;

    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>The claims of a token as the JSON text that was signed: unknown claims, number text and order are preserved.</summary>
    /// <returns>A JSON object; <c>{}</c> when the token is too damaged to have one.</returns>
    public static string ReadClaims(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        var segments = token.Split('.', 4);
        return segments.Length == 3 && TryDecodeSegment(segments[1], out var payload) && IsObject(payload)
            ? Encoding.UTF8.GetString(payload)
            : "{}";
    }

    /// <summary>Decodes one segment of a token: base64url without padding and without stray bits (RFC 7515, section 2).</summary>
    /// <remarks>
    /// Stray bits in the last character would give one signed token several spellings, and the check for a license
    /// that is already stored compares spellings.
    /// </remarks>
    public static bool TryDecodeSegment(ReadOnlySpan<char> segment, out byte[] bytes)
    {
        bytes = [];
        if (segment.ContainsAnyExcept(Alphabet))
        {
            return false;
        }

        // Not the Try method: that one throws for stray bits.
        var decoded = new byte[Base64Url.GetMaxDecodedLength(segment.Length)];
        if (Base64Url.DecodeFromChars(segment, decoded, out _, out var written) is not OperationStatus.Done)
        {
            return false;
        }

        bytes = decoded[..written];
        return true;
    }

    /// <summary>Whether the bytes are exactly one JSON object in UTF-8, at most <see cref="MaxDepth"/> levels deep.</summary>
    public static bool IsObject(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            return false;
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
