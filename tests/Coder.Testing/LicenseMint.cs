using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace Coder.Testing;

/// <summary>Makes signed license tokens with a key pair of its own, good ones and, with <see cref="ForgedLicense"/>, bad ones.</summary>
/// <example>
/// <code>
/// var mint = new LicenseMint(clock.GetUtcNow());
/// // start the server with CODER_LICENSE_KEYS = mint.TrustedKeys
/// var token = mint.License(b => b.Premium(seats: 100).ManagedAgents(soft: 10, hard: 20));
/// </code>
/// </example>
public sealed class LicenseMint
{
    private readonly DateTimeOffset _now;
    private readonly byte[] _privateKey;

    /// <summary>Makes a mint with a new key pair.</summary>
    /// <param name="now">When its licenses begin, unless one says otherwise.</param>
    /// <param name="keyId">The <c>kid</c> of its tokens.</param>
    public LicenseMint(DateTimeOffset now, string keyId = "test-key")
    {
        _now = now;
        KeyId = keyId;
        _privateKey = System.Security.Cryptography.RandomNumberGenerator.GetBytes(SignatureAlgorithm.Ed25519.PrivateKeySize);
        using var key = ImportKey();
        PublicKey = key.PublicKey.Export(KeyBlobFormat.RawPublicKey);
    }

    /// <summary>The <c>kid</c> of its tokens.</summary>
    public string KeyId { get; }

    /// <summary>The 32 bytes that verify its tokens.</summary>
    public ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>The value of <c>CODER_LICENSE_KEYS</c> with which a server trusts this mint alone.</summary>
    public string TrustedKeys => $"{KeyId}={Convert.ToBase64String(PublicKey.Span)}";

    /// <summary>A license for premium with 100 seats, one year from now and 30 days of grace, changed as the caller likes.</summary>
    public string License(Func<LicenseBuilder, LicenseBuilder>? change = null) => Token(Payload(change));

    /// <summary>The claims that <see cref="License"/> would sign.</summary>
    public string Payload(Func<LicenseBuilder, LicenseBuilder>? change = null)
    {
        var builder = new LicenseBuilder(_now).Premium(seats: 100);
        return (change?.Invoke(builder) ?? builder).ToJson();
    }

    /// <summary>A token with a good signature over any text, JSON or not.</summary>
    /// <param name="payload">The second segment, decoded.</param>
    /// <param name="header">The first segment, decoded; <see langword="null"/> for the right one.</param>
    public string Token(string payload, string? header = null) => SignSegments(Encode(header ?? Header()) + "." + Encode(payload));

    /// <summary>A header that names this mint's key.</summary>
    public string Header(string algorithm = "EdDSA") => $$"""{"alg":"{{algorithm}}","kid":"{{KeyId}}","typ":"JWT"}""";

    /// <summary>Puts this mint's signature behind the first two segments of a token, whatever they are.</summary>
    public string SignSegments(string headerAndPayload)
    {
        using var key = ImportKey();
        var signature = SignatureAlgorithm.Ed25519.Sign(key, Encoding.UTF8.GetBytes(headerAndPayload));
        return headerAndPayload + "." + Base64Url.EncodeToString(signature);
    }

    /// <summary>One segment: the text as UTF-8 in base64url without padding.</summary>
    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private Key ImportKey() => Key.Import(SignatureAlgorithm.Ed25519, _privateKey, KeyBlobFormat.RawPrivateKey);
}

/// <summary>Tokens as attackers make them: nobody may accept any of these.</summary>
public static class ForgedLicense
{
    /// <summary>Signed with HMAC, the public key taken for the secret, in the hope that the verifier lets the token choose.</summary>
    public static string HmacWithPublicKey(LicenseMint mint)
    {
        ArgumentNullException.ThrowIfNull(mint);
        var signed = LicenseMint.Encode(mint.Header("HS256")) + "." + LicenseMint.Encode(mint.Payload());
        return signed + "." + Base64Url.EncodeToString(HMACSHA256.HashData(mint.PublicKey.Span, Encoding.UTF8.GetBytes(signed)));
    }

    /// <summary>Says that it needs no signature, and has none.</summary>
    public static string WithAlgorithmNone(LicenseMint mint)
    {
        ArgumentNullException.ThrowIfNull(mint);
        return LicenseMint.Encode(mint.Header("none")) + "." + LicenseMint.Encode(mint.Payload()) + ".";
    }

    /// <summary>The token with an empty third segment.</summary>
    public static string WithoutSignature(string token) => WithSegment(token, 2, "");

    /// <summary>The signature of the token behind another payload.</summary>
    public static string WithPayload(string token, string payload) => WithSegment(token, 1, LicenseMint.Encode(payload));

    /// <summary>The token with one segment (0 to 2) put in place of another, without signing it again.</summary>
    public static string WithSegment(string token, int index, string segment)
    {
        ArgumentNullException.ThrowIfNull(token);
        var segments = token.Split('.');
        segments[index] = segment;
        return string.Join('.', segments);
    }
}
