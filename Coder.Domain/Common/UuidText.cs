namespace Coder.Domain.Common;

/// <summary>The forms in which searches write a UUID (docs/spec/connection-logs.md, section 6.1).</summary>
internal static class UuidText
{
    private const string Urn = "urn:uuid:";

    /// <summary>Reads a UUID: hyphenated, as 32 hexadecimal digits, in braces, or hyphenated after <c>urn:uuid:</c>.</summary>
    public static bool TryParse(string text, out Guid id) => text.StartsWith(Urn, StringComparison.OrdinalIgnoreCase)
        ? Guid.TryParseExact(text.AsSpan(Urn.Length), "D", out id)
        : Guid.TryParseExact(text, "D", out id) || Guid.TryParseExact(text, "N", out id) || Guid.TryParseExact(text, "B", out id);
}
