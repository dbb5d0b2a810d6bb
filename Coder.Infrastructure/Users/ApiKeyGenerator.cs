using System.Security.Cryptography;
using Coder.Application.Users;
using Coder.Domain.Users;

namespace Coder.Infrastructure.Users;

internal sealed class ApiKeyGenerator : IApiKeyGenerator
{
    public ApiKeyToken New() => new(
        RandomNumberGenerator.GetString(ApiKeyToken.Alphabet, ApiKeyToken.IdLength),
        RandomNumberGenerator.GetString(ApiKeyToken.Alphabet, ApiKeyToken.SecretLength));
}
