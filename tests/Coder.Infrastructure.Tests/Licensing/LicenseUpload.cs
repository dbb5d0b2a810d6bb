using Coder.Application.Licensing;
using Coder.Domain.Common;
using Coder.Infrastructure.Licensing;
using Coder.Testing;

namespace Coder.Infrastructure.Tests.Licensing;

/// <summary>A mint, a verifier that trusts it, and the two ways in which an upload ends.</summary>
public abstract class LicenseUpload
{
    /// <summary>Begins the detail of nearly every refusal.</summary>
    protected const string Issues = "license has multiple issues; contact support: ";

    private protected LicenseUpload() => Verifier = VerifierFor(Mint.TrustedKeys);

    /// <summary>When the uploads happen, and when the licenses of the mint begin.</summary>
    protected static DateTimeOffset Now { get; } = new(2025, 6, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The trusted mint.</summary>
    protected LicenseMint Mint { get; } = new(Now, "main");

    private protected JwtLicenseVerifier Verifier { get; }

    private protected static JwtLicenseVerifier VerifierFor(string trustedKeys) =>
        TrustedLicenseKeys.Parse(trustedKeys).Is(out var keys, out var error)
            ? new JwtLicenseVerifier(keys)
            : throw new InvalidOperationException(error.Message);

    private protected VerifiedLicense Accept(string token)
    {
        Verifier.Verify(token, Now).Is(out var license, out var error);
        error.Should().BeNull();
        return license!;
    }

    private protected void Refuse(string token, string detail)
    {
        var error = Verifier.Verify(token, Now).Error;

        error.Should().BeEquivalentTo(new Error(ErrorKind.Invalid, "Invalid license", detail));
    }
}
