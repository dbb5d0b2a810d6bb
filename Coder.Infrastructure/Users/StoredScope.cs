using Coder.Domain.Authorization;

namespace Coder.Infrastructure.Users;

/// <summary>Reads what a key may be used for.</summary>
internal static class StoredScope
{
    /// <summary>Takes the parts where there are any. What this version does not know in them allows nothing.</summary>
    /// <exception cref="InvalidOperationException">There are no parts, and the name is unknown.</exception>
    public static KeyScope Read(string name, string[]? scopes, string[]? allowList) =>
        scopes is not null && allowList is { Length: > 0 } ? KeyScope.Of(scopes, allowList)
        : KeyScope.FromName(name) ?? throw new InvalidOperationException($"A key has the unknown scope {name}.");
}
