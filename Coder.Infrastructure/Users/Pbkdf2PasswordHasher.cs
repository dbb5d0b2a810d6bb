using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Coder.Application.Users;
using Coder.Domain.Common;

namespace Coder.Infrastructure.Users;

/// <summary>
/// PBKDF2 with HMAC-SHA-256 in the text format <c>$pbkdf2-sha256$rounds$salt$hash</c> (docs/spec/platform.md, section 5.4).
/// Derivations take at most half of the processors, so that the other half answers whatever else is asked; a bounded number waits; more are
/// told to come back.
/// </summary>
internal sealed class Pbkdf2PasswordHasher : IPasswordHasher, IDisposable
{
    private const int Rounds = 65_535;
    private const int SaltLength = 16;
    private const int HashLength = 64;
    private const int MaximumWaiting = 128;
    private const string Scheme = "pbkdf2-sha256";

    // A bound on what a damaged or hostile row can make this server compute.
    private const int MaximumRounds = 10_000_000;

    private static readonly Error Overloaded = new(ErrorKind.Unavailable, "The service is temporarily unavailable.")
    {
        RetryAfter = TimeSpan.FromSeconds(2),
    };

    private readonly SemaphoreSlim _running = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly int _rounds;
    private readonly string _dummy;
    private int _waiting;

    public Pbkdf2PasswordHasher()
        : this(Rounds)
    {
    }

    /// <param name="rounds">The work of new hashes; older ones with fewer rounds are reported as outdated.</param>
    internal Pbkdf2PasswordHasher(int rounds)
    {
        _rounds = rounds;

        // Of a random secret, so that no password is ever the right one for users who have none.
        _dummy = Format(RandomNumberGenerator.GetBytes(SaltLength), RandomNumberGenerator.GetBytes(HashLength), rounds);
    }

    /// <summary>How many derivations were done, for tests that compare the work of two answers.</summary>
    internal int Derivations => _derivations;

    private int _derivations;

    public Task<Result<string>> HashAsync(string password, CancellationToken ct) => RunAsync(() => Hash(password), ct);

    public Task<Result<PasswordVerdict>> VerifyAsync(string password, string? hash, CancellationToken ct) =>
        RunAsync(() => Verify(password, hash), ct);

    public void Dispose() => _running.Dispose();

    private string Hash(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        return Format(salt, Derive(password, salt, _rounds, HashLength), _rounds);
    }

    private PasswordVerdict Verify(string password, string? hash)
    {
        if (!TryRead(hash ?? _dummy, out var rounds, out var salt, out var expected))
        {
            throw new InvalidOperationException("A stored password hash is damaged.");
        }

        if (!CryptographicOperations.FixedTimeEquals(Derive(password, salt, rounds, expected.Length), expected) || hash is null)
        {
            return PasswordVerdict.Wrong;
        }

        return rounds < _rounds ? PasswordVerdict.RightAndOutdated : PasswordVerdict.Right;
    }

    private byte[] Derive(string password, byte[] salt, int rounds, int length)
    {
        Interlocked.Increment(ref _derivations);
        return Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, rounds, HashAlgorithmName.SHA256, length);
    }

    private async Task<Result<T>> RunAsync<T>(Func<T> derivation, CancellationToken ct)
    {
        if (Interlocked.Increment(ref _waiting) > MaximumWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return Overloaded;
        }

        try
        {
            await _running.WaitAsync(ct);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            // A thread of its own: those of the pool answer requests, and there are about as many of them as there are derivations.
            return await Task.Factory.StartNew(derivation, ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            _running.Release();
        }
    }

    private static string Format(byte[] salt, byte[] hash, int rounds) =>
        string.Create(CultureInfo.InvariantCulture, $"${Scheme}${rounds}${Unpadded(salt)}${Unpadded(hash)}");

    private static bool TryRead(string text, out int rounds, out byte[] salt, out byte[] hash)
    {
        rounds = 0;
        salt = hash = [];
        return text.Split('$') is ["", Scheme, var roundText, var saltText, var hashText]
            && int.TryParse(roundText, NumberStyles.None, CultureInfo.InvariantCulture, out rounds)
            && rounds is > 0 and <= MaximumRounds
            && TryDecode(saltText, out salt)
            && TryDecode(hashText, out hash)
            && hash.Length > 0;
    }

    private static string Unpadded(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static bool TryDecode(string text, out byte[] bytes)
    {
        var padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
        bytes = new byte[padded.Length / 4 * 3];
        if (!Convert.TryFromBase64String(padded, bytes, out var written))
        {
            return false;
        }

        Array.Resize(ref bytes, written);
        return true;
    }
}
