using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using Coder.Domain.Common;

namespace Coder.Infrastructure.Licensing;

/// <summary>The public keys whose licenses this deployment accepts, by key id (docs/spec/licensing.md, section 2).</summary>
public sealed class TrustedLicenseKeys
{
    private const string Variable = "CODER_LICENSE_KEYS";

    private static readonly SearchValues<char> StandardBase64 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    private readonly FrozenDictionary<string, Ed25519SecurityKey> _byId;

    private TrustedLicenseKeys(Dictionary<string, Ed25519SecurityKey> byId) => _byId = byId.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>How many keys are trusted; with none, every license is refused.</summary>
    public int Count => _byId.Count;

    /// <summary>Reads the value of <c>CODER_LICENSE_KEYS</c>: <c>kid=base64[,kid=base64…]</c>.</summary>
    /// <param name="configured">White space around entries and blank entries do not count; nothing at all means no keys.</param>
    /// <returns>
    /// The keys, or an error that names the variable and the entry by its place and key id. It never repeats the value itself,
    /// which could be a private key put there by mistake.
    /// </returns>
    public static Result<TrustedLicenseKeys> Parse(string? configured)
    {
        var byId = new Dictionary<string, Ed25519SecurityKey>(StringComparer.Ordinal);
        var place = 0;
        foreach (var entry in (configured ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            place++;
            if (entry.Length == 0)
            {
                continue;
            }

            // At the first equals sign: the padding of the key is made of them too.
            var split = entry.IndexOf('=', StringComparison.Ordinal);
            var keyId = split < 0 ? "" : entry[..split].TrimEnd();
            var encoded = split < 0 ? "" : entry[(split + 1)..].Trim();
            if (keyId.Length == 0 || encoded.AsSpan().TrimEnd('=').IsEmpty)
            {
                return Refuse(place, "", "expected kid=base64");
            }

            if (!TryDecode(encoded, out var publicKey))
            {
                return Refuse(place, keyId, "the key is not base64 in the standard alphabet");
            }

            if (publicKey.Length != Ed25519SecurityKey.PublicKeyLength)
            {
                var length = publicKey.Length.ToString(CultureInfo.InvariantCulture);
                return Refuse(place, keyId, $"an Ed25519 public key has 32 bytes, this one has {length}");
            }

            if (!Ed25519SecurityKey.TryCreate(keyId, publicKey, out var key))
            {
                return Refuse(place, keyId, "the key is not a valid Ed25519 public key");
            }

            if (!byId.TryAdd(keyId, key))
            {
                return Refuse(place, keyId, "another entry has the same kid");
            }
        }

        return new TrustedLicenseKeys(byId);
    }

    /// <summary>The key of this id, compared with regard to case, or <see langword="null"/>.</summary>
    internal Ed25519SecurityKey? Find(string keyId) => _byId.GetValueOrDefault(keyId);

    private static bool TryDecode(string encoded, out byte[] bytes)
    {
        bytes = [];
        var digits = encoded.AsSpan().TrimEnd('=');
        var padding = encoded.Length - digits.Length;
        if (digits.ContainsAnyExcept(StandardBase64) || digits.Length % 4 == 1 || padding > 2 || (padding > 0 && encoded.Length % 4 != 0))
        {
            return false;
        }

        bytes = Convert.FromBase64String(digits.ToString().PadRight((digits.Length + 3) / 4 * 4, '='));
        return true;
    }

    private static Error Refuse(int place, string keyId, string reason)
    {
        var name = keyId.Length == 0 ? "" : $" (\"{keyId}\")";
        return new Error(ErrorKind.Invalid, $"{Variable}: entry {place.ToString(CultureInfo.InvariantCulture)}{name}: {reason}");
    }
}
