using Coder.Domain.Common;
using Coder.Domain.Licensing;

namespace Coder.Application.Licensing;

/// <summary>
/// Decides whether tokens were signed by a key that this deployment trusts (docs/spec/licensing.md, 4.1). The keys stay the same
/// for the life of the verifier.
/// </summary>
public interface ILicenseVerifier
{
    /// <summary>Judges a token that somebody uploads, times and required claims included.</summary>
    /// <param name="token">As it came; white space around it does not count.</param>
    /// <param name="now">The times are judged against it, without leeway; a license that is not valid yet is accepted.</param>
    /// <returns>
    /// The license, or the answer of section 6: <c>Invalid license</c> with a detail that repeats nothing of the token but a
    /// shortened algorithm or key id.
    /// </returns>
    Result<VerifiedLicense> Verify(string token, DateTimeOffset now);

    /// <summary>
    /// Judges a token that is stored already, as input of the evaluation. Signatures are looked at once for each license and token;
    /// times are left to the evaluation.
    /// </summary>
    /// <param name="id">Number of the row.</param>
    /// <param name="uuid">The id of the license in its row; claims do not change it.</param>
    /// <param name="token">From the database, perhaps damaged: then the license carries the reason.</param>
    StoredLicense Read(int id, Guid uuid, string token);
}

/// <summary>A token that may be stored.</summary>
/// <param name="Token">Without white space around it; a bearer secret, so this record does not print it.</param>
/// <param name="Claims">What it says.</param>
/// <param name="PayloadJson">The signed claims verbatim: one JSON object.</param>
public sealed record VerifiedLicense(string Token, LicenseClaims Claims, string PayloadJson)
{
    /// <summary>The id that the license brings along; when it brings none, the caller chooses a random one.</summary>
    public Guid? Uuid => Claims.Id;

    /// <summary>The first instant at which the license is worth nothing.</summary>
    public DateTimeOffset Exp => Claims.Expires;

    /// <inheritdoc/>
    public override string ToString() => $"{nameof(VerifiedLicense)} {{ {nameof(Uuid)} = {Uuid}, {nameof(Exp)} = {Exp:O} }}";
}
