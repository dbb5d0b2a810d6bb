using System.Security.Cryptography;

namespace Coder.Testing;

/// <summary>Ids for tests.</summary>
public static class TestIds
{
    /// <summary>A random id.</summary>
    public static Guid New() => new(RandomNumberGenerator.GetBytes(16));
}
