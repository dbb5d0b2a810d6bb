using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Coder.Domain.Users;

namespace Coder.Domain.WorkspaceProxies;

/// <summary>
/// The credential of a proxy, <c>id:secret</c>. The secret is only ever compared by its hash (docs/spec/connection-logs.md, section 7.3).
/// </summary>
/// <param name="ProxyId">Names the proxy and is no secret.</param>
/// <param name="Secret">64 characters.</param>
public readonly record struct ProxyToken(Guid ProxyId, string Secret)
{
    /// <summary>The length of a secret, in characters: 380 bits.</summary>
    public const int SecretLength = 64;

    private static readonly SearchValues<char> Allowed = SearchValues.Create(ApiKeyToken.Alphabet);

    /// <summary>Takes a credential apart.</summary>
    public static bool TryParse([NotNullWhen(true)] string? credential, out ProxyToken token)
    {
        token = default;
        if (credential is null
            || credential.Split(':') is not [var id, { Length: SecretLength } secret]
            || !Guid.TryParseExact(id, "D", out var proxyId)
            || secret.AsSpan().ContainsAnyExcept(Allowed))
        {
            return false;
        }

        token = new ProxyToken(proxyId, secret);
        return true;
    }

    /// <summary>The form in which a proxy gets it, once.</summary>
    public string Reveal() => $"{ProxyId}:{Secret}";

    /// <summary>Names the proxy and hides the secret, so that a token in a log line gives nothing away.</summary>
    public override string ToString() => $"{ProxyId}:…";
}
