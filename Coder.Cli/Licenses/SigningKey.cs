using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Coder.Cli.Common;
using NSec.Cryptography;

namespace Coder.Cli.Licenses;

/// <summary>An Ed25519 key pair that signs licenses, with the id by which servers know its public half.</summary>
/// <remarks>At rest it is a JSON Web Key (RFC 8037, section 2), which carries the id and which other tools can read.</remarks>
internal sealed class SigningKey : IDisposable
{
    private const int LongestId = 64;
    private const string KeyType = "OKP";
    private const string Curve = "Ed25519";

    private static readonly SignatureAlgorithm Algorithm = SignatureAlgorithm.Ed25519;

    private readonly Key _key;

    private SigningKey(string id, Key key)
    {
        Id = id;
        _key = key;
    }

    /// <summary>The JOSE <c>kid</c>.</summary>
    internal string Id { get; }

    /// <summary>The entry for <c>CODER_LICENSE_KEYS</c> of a server that is to trust this key: <c>kid=base64</c> of the 32 bytes.</summary>
    internal string TrustEntry => $"{Id}={Convert.ToBase64String(_key.PublicKey.Export(KeyBlobFormat.RawPublicKey))}";

    public void Dispose() => _key.Dispose();

    /// <summary>Whether a text can be a key id: the list of trusted keys is split at commas and equals signs.</summary>
    internal static bool IsId([NotNullWhen(true)] string? id) =>
        id is { Length: > 0 and <= LongestId }
        && id.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');

    /// <summary>Makes a new key pair from the system's random source.</summary>
    internal static SigningKey Create(string id) => new(
        id,
        Key.Create(Algorithm, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport }));

    internal string ToJson() => JsonSerializer.Serialize(
        new SigningKeyJson(
            KeyType,
            Curve,
            Id,
            "EdDSA",
            Base64Url.EncodeToString(_key.PublicKey.Export(KeyBlobFormat.RawPublicKey)),
            Base64Url.EncodeToString(_key.Export(KeyBlobFormat.RawPrivateKey))),
        CoderJsonContext.Default.SigningKeyJson);

    internal byte[] Sign(ReadOnlySpan<byte> data) => Algorithm.Sign(_key, data);

    internal static CliResult<SigningKey> Load(string path)
    {
        try
        {
            var json = JsonSerializer.Deserialize(File.ReadAllText(path), CoderJsonContext.Default.SigningKeyJson);
            return json is { Kty: KeyType, Crv: Curve, D: { } secret } && IsId(json.Kid)
                && Key.TryImport(Algorithm, Base64Url.DecodeFromChars(secret), KeyBlobFormat.RawPrivateKey, out var key)
                && key is not null
                ? new SigningKey(json.Kid, key)
                : NoKey(path);
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            return NoKey(path);
        }
        catch (Exception exception) when (SecretFile.IsExpected(exception))
        {
            return new CliError($"Can not read {path}", exception.Message);
        }
    }

    private static CliError NoKey(string path) =>
        new($"{path} does not hold a license signing key", Hint: "Make one with 'coder licenses keygen'.");
}
