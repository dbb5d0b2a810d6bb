using System.Security.Cryptography;
using Coder.Domain.Common;
using Coder.Domain.WorkspaceProxies;

namespace Coder.Application.WorkspaceProxies;

/// <summary>A proxy that a request comes from.</summary>
/// <param name="Id">The proxy.</param>
/// <param name="Name">Its name.</param>
public sealed record ProxySession(Guid Id, string Name);

/// <summary>Turns the token of a proxy into the proxy, with one statement (docs/spec/connection-logs.md, section 7.3).</summary>
public sealed class ProxyAuthenticator(IWorkspaceProxyStore proxies)
{
    /// <summary>The answer to a request without a token.</summary>
    public static Error Missing { get; } = new(ErrorKind.Unauthenticated, "Missing required external proxy token");

    /// <summary>The answer to every token that is not accepted, whatever is wrong with it.</summary>
    public static Error Invalid { get; } = new(ErrorKind.Unauthenticated, "Invalid external proxy token");

    /// <summary>Judges a token as a proxy sent it.</summary>
    public async Task<Result<ProxySession>> AuthenticateAsync(string? credential, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(credential))
        {
            return Missing;
        }

        return ProxyToken.TryParse(credential, out var token)
            && await proxies.FindCredentialAsync(token.ProxyId, ct) is { } found
            && CryptographicOperations.FixedTimeEquals(ProxyDirectory.Hash(token.Secret), found.HashedSecret)
            ? new ProxySession(token.ProxyId, found.Name)
            : Invalid;
    }
}
