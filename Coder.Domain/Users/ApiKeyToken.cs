using System.Buffers;
using Coder.Domain.Common;

namespace Coder.Domain.Users;

/// <summary>A credential as a client sends it: <c>id-secret</c>. The secret is only ever compared by its hash (docs/spec/platform.md, section 5.2).</summary>
/// <param name="Id">10 characters; names the key and is no secret.</param>
/// <param name="Secret">22 characters.</param>
public readonly record struct ApiKeyToken(string Id, string Secret)
{
    /// <summary>The length of an id, in characters.</summary>
    public const int IdLength = 10;

    /// <summary>The length of a secret, in characters: 130 bits.</summary>
    public const int SecretLength = 22;

    /// <summary>The characters of ids and secrets.</summary>
    public const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly SearchValues<char> Allowed = SearchValues.Create(Alphabet);

    /// <summary>Takes a credential apart. Errors say what is wrong and never repeat the credential.</summary>
    public static Result<ApiKeyToken> Parse(string credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        var dash = credential.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0 || credential.IndexOf('-', dash + 1) >= 0)
        {
            return Malformed("expected two parts, an id and a secret, with one hyphen between them");
        }

        if (dash != IdLength)
        {
            return Malformed("the id must have 10 characters");
        }

        if (credential.Length - dash - 1 != SecretLength)
        {
            return Malformed("the secret must have 22 characters");
        }

        if (credential.AsSpan(0, dash).ContainsAnyExcept(Allowed) || credential.AsSpan(dash + 1).ContainsAnyExcept(Allowed))
        {
            return Malformed("only letters and digits may stand in it");
        }

        return new ApiKeyToken(credential[..dash], credential[(dash + 1)..]);
    }

    /// <summary>The form in which a client gets it, once.</summary>
    public string Reveal() => $"{Id}-{Secret}";

    /// <summary>Names the key and hides the secret, so that a token in a log line gives nothing away.</summary>
    public override string ToString() => $"{Id}-…";

    private static Error Malformed(string reason) =>
        new(ErrorKind.Unauthenticated, SignedOut, $"Invalid API key format: {reason}");

    /// <summary>What every refused credential is answered with.</summary>
    public const string SignedOut = "You are signed out or your session has expired. Please sign in again to continue.";
}
