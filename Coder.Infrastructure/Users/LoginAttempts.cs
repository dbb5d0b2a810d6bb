using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Coder.Application.Users;
using Coder.Domain.Users;

namespace Coder.Infrastructure.Users;

/// <summary>
/// Failed passwords, in memory. Addresses are kept as hashes, so that a dump of the memory names nobody.
/// </summary>
/// <remarks>
/// Bounded: when too many accounts fail at once, new ones are not counted until others are over. Filling it takes one password derivation
/// for each account within minutes, which the bounds on derivations and on requests do not allow.
/// </remarks>
internal sealed class LoginAttempts(SessionOptions options, int capacity) : ILoginAttempts
{
    private const int Capacity = 32_768;

    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, LoginThrottle> _accounts = [];

    public LoginAttempts(SessionOptions options)
        : this(options, Capacity)
    {
    }

    /// <summary>How many accounts are remembered.</summary>
    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _accounts.Count;
            }
        }
    }

    public TimeSpan? Begin(string email, DateTimeOffset now)
    {
        if (options.DisableLoginThrottle)
        {
            return null;
        }

        var key = KeyOf(email);
        lock (_lock)
        {
            var account = _accounts.GetValueOrDefault(key, LoginThrottle.None);
            if (account.Refuses(now) is { } wait)
            {
                return wait;
            }

            Keep(key, account.Begin(), now);
            return null;
        }
    }

    public void End(string email, bool? isRight, DateTimeOffset now)
    {
        if (options.DisableLoginThrottle)
        {
            return;
        }

        var key = KeyOf(email);
        lock (_lock)
        {
            if (isRight == true)
            {
                _accounts.Remove(key);
                return;
            }

            var account = _accounts.GetValueOrDefault(key, LoginThrottle.None);
            Keep(key, isRight is null ? account.Abandon() : account.Fail(now), now);
        }
    }

    private void Keep(UInt128 key, LoginThrottle account, DateTimeOffset now)
    {
        if (account.IsOver(now))
        {
            _accounts.Remove(key);
            return;
        }

        if (_accounts.Count >= capacity && !_accounts.ContainsKey(key))
        {
            foreach (var (other, _) in _accounts.Where(a => a.Value.IsOver(now)).ToList())
            {
                _accounts.Remove(other);
            }

            if (_accounts.Count >= capacity)
            {
                return;
            }
        }

        _accounts[key] = account;
    }

    private static UInt128 KeyOf(string email) =>
        BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(email.ToLowerInvariant())));
}
