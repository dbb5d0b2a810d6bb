using Microsoft.IdentityModel.Tokens;

namespace Coder.Infrastructure.Licensing;

/// <summary>Teaches Microsoft.IdentityModel the one algorithm that licenses use, <c>EdDSA</c> over Ed25519 (RFC 8037, section 3.1).</summary>
internal sealed class Ed25519CryptoProvider : ICryptoProvider
{
    /// <summary>The JOSE name of the algorithm; compared with regard to case (RFC 7515, section 4.1.1).</summary>
    public const string Algorithm = "EdDSA";

    private Ed25519CryptoProvider()
    {
    }

    /// <summary>The factory to set on keys and validation parameters. Providers live in their keys, so it caches none.</summary>
    public static CryptoProviderFactory Factory { get; } =
        new() { CustomCryptoProvider = new Ed25519CryptoProvider(), CacheSignatureProviders = false };

    /// <inheritdoc/>
    /// <remarks>The factory also asks without a key when it gives a provider back; the algorithm alone answers then.</remarks>
    public bool IsSupportedAlgorithm(string algorithm, params object[] args) =>
        algorithm == Algorithm && args is null or [] or [Ed25519SecurityKey, ..];

    /// <inheritdoc/>
    public object Create(string algorithm, params object[] args) =>
        algorithm == Algorithm && args is [Ed25519SecurityKey key, ..]
            ? key.SignatureProvider
            : throw new NotSupportedException("Only EdDSA with an Ed25519 key is supported.");

    /// <inheritdoc/>
    public void Release(object cryptoInstance)
    {
        // The provider belongs to its key and outlives the call.
    }
}

/// <summary>Verifies Ed25519 signatures. It can not sign: the server holds no license key, and never should.</summary>
internal sealed class Ed25519SignatureProvider(Ed25519SecurityKey key) : SignatureProvider(key, Ed25519CryptoProvider.Algorithm)
{
    /// <inheritdoc/>
    public override byte[] Sign(byte[] input) => throw new NotSupportedException("This provider only verifies.");

    /// <inheritdoc/>
    public override bool Verify(byte[] input, byte[] signature) => key.Verify(input, signature);

    /// <inheritdoc/>
    public override bool Verify(byte[] input, int inputOffset, int inputLength, byte[] signature, int signatureOffset, int signatureLength) =>
        key.Verify(input.AsSpan(inputOffset, inputLength), signature.AsSpan(signatureOffset, signatureLength));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // Nothing is owned: a public key has no memory to wipe.
    }
}
