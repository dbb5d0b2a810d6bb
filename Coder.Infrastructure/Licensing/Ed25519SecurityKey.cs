using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Microsoft.IdentityModel.Tokens;
using NSec.Cryptography;

namespace Coder.Infrastructure.Licensing;

/// <summary>An Ed25519 public key (RFC 8032) as Microsoft.IdentityModel knows keys: imported once, then shared by all verifications.</summary>
internal sealed class Ed25519SecurityKey : AsymmetricSecurityKey
{
    /// <summary>Length of an encoded public key in bytes (RFC 8032, section 5.1.5).</summary>
    public const int PublicKeyLength = 32;

    private readonly PublicKey _publicKey;

    private Ed25519SecurityKey(string keyId, PublicKey publicKey)
    {
        _publicKey = publicKey;
        KeyId = keyId;
        SignatureProvider = new Ed25519SignatureProvider(this);
        CryptoProviderFactory = Ed25519CryptoProvider.Factory;
    }

    /// <inheritdoc/>
    public override int KeySize => 256;

    /// <inheritdoc/>
    [Obsolete("HasPrivateKey method is deprecated, please use PrivateKeyStatus.")]
    public override bool HasPrivateKey => false;

    /// <inheritdoc/>
    public override PrivateKeyStatus PrivateKeyStatus => PrivateKeyStatus.DoesNotExist;

    /// <summary>The one provider of this key; it has no state, so all threads share it.</summary>
    internal Ed25519SignatureProvider SignatureProvider { get; }

    /// <summary>Imports a raw public key.</summary>
    /// <param name="keyId">The <c>kid</c> that tokens name it by.</param>
    /// <param name="publicKey">The encoded point.</param>
    /// <param name="key">The key, or <see langword="null"/>.</param>
    /// <returns>
    /// <see langword="false"/> for a wrong length and for a point that no honest signer has: not on the curve, not in its one
    /// canonical encoding, of small order, or outside the prime-order subgroup.
    /// </returns>
    public static bool TryCreate(string keyId, ReadOnlySpan<byte> publicKey, [NotNullWhen(true)] out Ed25519SecurityKey? key)
    {
        key = null;
        if (PublicKey.TryImport(SignatureAlgorithm.Ed25519, publicKey, KeyBlobFormat.RawPublicKey, out var imported)
            && imported is not null
            && IsValidPoint(publicKey.ToArray()) == 1)
        {
            key = new Ed25519SecurityKey(keyId, imported);
        }

        return key is not null;
    }

    /// <summary>Whether <paramref name="signature"/> is the pure Ed25519 signature of <paramref name="data"/>; S ≥ L is refused.</summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        SignatureAlgorithm.Ed25519.Verify(_publicKey, data, signature);

    // NSec imports any 32 bytes and only fails at the first signature; a mistyped key has to stop the start instead.
    [DllImport("libsodium", EntryPoint = "crypto_core_ed25519_is_valid_point", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern int IsValidPoint(byte[] point);
}
