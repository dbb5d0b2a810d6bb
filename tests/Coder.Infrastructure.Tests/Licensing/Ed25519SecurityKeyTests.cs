using System.Globalization;
using System.Numerics;
using Coder.Infrastructure.Licensing;
using Coder.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Coder.Infrastructure.Tests.Licensing;

public sealed class Ed25519SecurityKeyTests
{
    // L of RFC 8032, section 5.1: the order of the group that the scalar S counts in.
    private static readonly BigInteger GroupOrder =
        BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", CultureInfo.InvariantCulture);

    [Theory]
    [MemberData(nameof(Rfc8032.Vectors), MemberType = typeof(Rfc8032))]
    public void Published_signatures_are_good(string name, string publicKey, string message, string signature)
    {
        var provider = ProviderFor(publicKey);

        var isGood = provider.Verify(Bytes(message), Bytes(signature));

        isGood.Should().BeTrue(name);
    }

    [Theory]
    [MemberData(nameof(Rfc8032.Vectors), MemberType = typeof(Rfc8032))]
    public void Every_altered_byte_of_a_signature_makes_it_bad(string name, string publicKey, string message, string signature)
    {
        var provider = ProviderFor(publicKey);
        var good = Bytes(signature);

        var accepted = Enumerable.Range(0, good.Length * 8).Where(bit => provider.Verify(Bytes(message), Flip(good, bit)));

        accepted.Should().BeEmpty(name);
    }

    [Theory]
    [MemberData(nameof(Rfc8032.Vectors), MemberType = typeof(Rfc8032))]
    public void A_signature_is_bad_for_another_message(string name, string publicKey, string message, string signature)
    {
        var provider = ProviderFor(publicKey);

        provider.Verify([.. Bytes(message), 0], Bytes(signature)).Should().BeFalse(name);
        provider.Verify(Flip([.. Bytes(message), 0], 3), Bytes(signature)).Should().BeFalse(name);
    }

    [Theory]
    [MemberData(nameof(Rfc8032.Vectors), MemberType = typeof(Rfc8032))]
    public void A_signature_is_bad_for_another_key(string name, string publicKey, string message, string signature)
    {
        var others = Rfc8032.Vectors.Select(row => row.Data.Item2).Where(other => other != publicKey);

        var accepted = others.Where(other => ProviderFor(other).Verify(Bytes(message), Bytes(signature)));

        accepted.Should().BeEmpty(name);
    }

    [Theory]
    [MemberData(nameof(Rfc8032.Vectors), MemberType = typeof(Rfc8032))]
    public void A_scalar_beyond_the_group_order_is_refused(string name, string publicKey, string message, string signature)
    {
        var good = Bytes(signature);
        var scalar = new BigInteger(good.AsSpan(32), isUnsigned: true) + GroupOrder;
        byte[] malleated = [.. good[..32], .. scalar.ToByteArray(isUnsigned: true)];

        var isGood = ProviderFor(publicKey).Verify(Bytes(message), malleated);

        malleated.Should().HaveCount(64, "the sum still fits into the 32 bytes of S");
        isGood.Should().BeFalse(name);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(32)]
    [InlineData(63)]
    [InlineData(65)]
    public void A_signature_of_another_length_is_bad(int length)
    {
        var provider = ProviderFor("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

        var isGood = provider.Verify([], new byte[length]);

        isGood.Should().BeFalse();
    }

    [Theory]
    [InlineData("not on the curve", "0200000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("order 1", "0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("order 2", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("order 4", "0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("order 4, other sign", "0000000000000000000000000000000000000000000000000000000000000080")]
    [InlineData("order 8", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")]
    [InlineData("order 8, other", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")]
    [InlineData("y = p, a second spelling of 0", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("y = p + 1, a second spelling of 1", "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("x = 0 with a sign", "0100000000000000000000000000000000000000000000000000000000000080")]
    public void A_point_that_no_honest_signer_has_is_no_key(string what, string publicKey)
    {
        var isKey = Ed25519SecurityKey.TryCreate("k", Bytes(publicKey), out var key);

        isKey.Should().BeFalse(what);
        key.Should().BeNull(what);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(64)]
    public void A_key_has_32_bytes(int length)
    {
        var isKey = Ed25519SecurityKey.TryCreate("k", Enumerable.Repeat((byte)5, length).ToArray(), out _);

        isKey.Should().BeFalse();
    }

    [Fact]
    public void All_verifications_of_a_key_share_one_provider()
    {
        var mint = new LicenseMint(DateTimeOffset.UnixEpoch);
        var key = KeyOf(mint);

        var first = Ed25519CryptoProvider.Factory.CreateForVerifying(key, "EdDSA");
        Ed25519CryptoProvider.Factory.ReleaseSignatureProvider(first);
        var second = Ed25519CryptoProvider.Factory.CreateForVerifying(key, "EdDSA");

        second.Should().BeSameAs(first);
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("RS256")]
    [InlineData("ES256")]
    [InlineData("none")]
    [InlineData("eddsa")]
    [InlineData("Ed25519")]
    public void Only_EdDSA_is_offered(string algorithm)
    {
        var key = KeyOf(new LicenseMint(DateTimeOffset.UnixEpoch));

        var create = () => Ed25519CryptoProvider.Factory.CreateForVerifying(key, algorithm);

        Ed25519CryptoProvider.Factory.IsSupportedAlgorithm(algorithm, key).Should().BeFalse();
        create.Should().Throw<NotSupportedException>();
    }

    [Fact]
    public void Other_kinds_of_key_are_not_ours()
    {
        var symmetric = new SymmetricSecurityKey(new byte[32]);

        var isSupported = Ed25519CryptoProvider.Factory.CustomCryptoProvider.IsSupportedAlgorithm("EdDSA", symmetric, false);

        isSupported.Should().BeFalse();
    }

    [Fact]
    public void The_provider_does_not_sign()
    {
        var key = KeyOf(new LicenseMint(DateTimeOffset.UnixEpoch));

        var sign = () => key.SignatureProvider.Sign([1]);

        key.PrivateKeyStatus.Should().Be(PrivateKeyStatus.DoesNotExist);
        sign.Should().Throw<NotSupportedException>();
    }

    [Fact]
    public async Task The_token_handler_of_the_library_accepts_our_tokens_with_our_key()
    {
        var mint = new LicenseMint(DateTimeOffset.UnixEpoch);
        var token = mint.License();
        var parameters = new TokenValidationParameters
        {
            ValidAlgorithms = ["EdDSA"],
            IssuerSigningKey = KeyOf(mint),
            ValidateIssuer = false,
            ValidateAudience = false,
            ValidateLifetime = false,
        };

        var good = await new JsonWebTokenHandler().ValidateTokenAsync(token, parameters);
        var bad = await new JsonWebTokenHandler().ValidateTokenAsync(ForgedLicense.WithPayload(token, "{}"), parameters);

        good.IsValid.Should().BeTrue();
        bad.IsValid.Should().BeFalse();
    }

    private static Ed25519SecurityKey KeyOf(LicenseMint mint) =>
        Ed25519SecurityKey.TryCreate(mint.KeyId, mint.PublicKey.Span, out var key) ? key : throw new InvalidOperationException("no key");

    private static SignatureProvider ProviderFor(string publicKey) =>
        Ed25519SecurityKey.TryCreate("k", Bytes(publicKey), out var key)
            ? Ed25519CryptoProvider.Factory.CreateForVerifying(key, "EdDSA")
            : throw new InvalidOperationException("no key");

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex);

    private static byte[] Flip(byte[] bytes, int bit)
    {
        byte[] flipped = [.. bytes];
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }
}
