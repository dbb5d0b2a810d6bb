using System.Security.Cryptography;
using Coder.Application.WorkspaceProxies;
using Coder.Domain.Users;
using Coder.Domain.WorkspaceProxies;

namespace Coder.Infrastructure.WorkspaceProxies;

internal sealed class ProxySecretGenerator : IProxySecretGenerator
{
    public string New() => RandomNumberGenerator.GetString(ApiKeyToken.Alphabet, ProxyToken.SecretLength);
}
