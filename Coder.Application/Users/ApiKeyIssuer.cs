using System.Security.Cryptography;
using System.Text;
using Coder.Application.AuditLogs;
using Coder.Application.Common;
using Coder.Domain.Authorization;
using Coder.Domain.Common;
using Coder.Domain.Users;

namespace Coder.Application.Users;

/// <summary>Makes keys for users who are found and allowed already, and tells the audit log.</summary>
internal sealed class ApiKeyIssuer(IApiKeyStore keys, IApiKeyGenerator generator, TimeProvider time, AuditTrail audit)
{
    /// <summary>The refusal of a key that may do more than the one that asks for it.</summary>
    public static readonly Error Beyond = new(
        ErrorKind.Forbidden, "Forbidden.", "The scopes and the allow-list of a new key must lie within those of the key that makes it.");

    /// <summary>Adds a key.</summary>
    /// <returns>The credential, or <see langword="null"/> when the user has a token of that name already.</returns>
    public async Task<ApiKeyToken?> IssueAsync(
        Guid user, LoginType type, TimeSpan lifetime, KeyScope scope, string name, string ipAddress, CancellationToken ct)
    {
        var token = generator.New();
        var secret = SHA256.HashData(Encoding.ASCII.GetBytes(token.Secret));
        var key = new NewApiKey(token.Id, secret, user, type, time.GetUtcNow().ToMicroseconds(), lifetime, ipAddress)
        {
            Scope = scope,
            TokenName = name,
        };
        audit.About(user, name).Changed(null, ApiKeyAudit.Snapshot(key));
        return await keys.AddAsync(key, ct) ? token : null;
    }
}
