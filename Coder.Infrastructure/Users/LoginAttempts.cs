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
/// Bounded: when too many accounts fail at once, the one that was tried least recently is forgotten, so that an account under attack is
/// remembered. Pushing one out takes a password derivation for each of the others, which the bounds on derivations and on requests make
/// slower than waiting.
/// </remarks>
internal sealed class LoginAttempts(SessionOptions options, int capacity) : ILoginAttempts
{
    private const int Capacity = 32_768;

    private readonly Lock _lock = new();
    private readonly Dictionary<UInt128, LinkedListNode<Account>> _accounts = [];
    private readonly LinkedList<Account> _byLastAttempt = [];

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
            var account = Find(key);
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
                Forget(key);
                return;
            }

            var account = Find(key);
            Keep(key, isRight is null ? account.Abandon() : account.Fail(now), now);
        }
    }

    private LoginThrottle Find(UInt128 key) => _accounts.TryGetValue(key, out var node) ? node.Value.Throttle : LoginThrottle.None;

    private void Keep(UInt128 key, LoginThrottle throttle, DateTimeOffset now)
    {
        Forget(key);
        if (!throttle.IsOver(now))
        {
            _accounts[key] = _byLastAttempt.AddLast(new Account(key, throttle));
        }

        // Two for each that comes, so that those who are over vanish without ever being searched for.
        for (var i = 0; i < 2 && _byLastAttempt.First is { } oldest && oldest.Value.Throttle.IsOver(now); i++)
        {
            Forget(oldest.Value.Key);
        }

        if (_accounts.Count > capacity)
        {
            Forget(_byLastAttempt.First!.Value.Key);
        }
    }

    private void Forget(UInt128 key)
    {
        if (_accounts.Remove(key, out var node))
        {
            _byLastAttempt.Remove(node);
        }
    }

    private static UInt128 KeyOf(string email) =>
        BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(email.ToLowerInvariant())));

    private readonly record struct Account(UInt128 Key, LoginThrottle Throttle);
}
