using System.Text;

namespace Coder.Domain.Users;

/// <summary>Whether a password is hard enough to guess (docs/spec/platform.md, section 5.4).</summary>
public static class PasswordStrength
{
    /// <summary>What a password must have at least, in bits.</summary>
    public const double MinimumEntropy = 52;

    /// <summary>What a password may have at most, in bytes of UTF-8: hashing must not become a way to burn the server's time.</summary>
    public const int MaximumBytes = 64;

    private static readonly string[] Sequences =
    [
        "0123456789", "9876543210",
        "qwertyuiop", "poiuytrewq",
        "asdfghjkl", "lkjhgfdsa",
        "zxcvbnm", "mnbvcxz",
        "abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba",
    ];

    private static readonly CharacterClass[] Special = [new("!@$&*"), new("_-., "), new("\"#%'()+/:;<=>?[\\]^{|}~")];
    private static readonly CharacterClass Lower = new("abcdefghijklmnopqrstuvwxyz");
    private static readonly CharacterClass Upper = new("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    private static readonly CharacterClass Digits = new("0123456789");

    /// <summary>Judges a password.</summary>
    /// <returns>What is wrong with it, in words for its owner, or <see langword="null"/> when it is strong enough.</returns>
    public static string? Judge(string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        if (Encoding.UTF8.GetByteCount(password) > MaximumBytes)
        {
            return "password must be no more than 64 characters";
        }

        if (Entropy(password) >= MinimumEntropy)
        {
            return null;
        }

        var hints = Hints(password);
        return hints.Count == 0
            ? "insecure password, try using a longer password"
            : $"insecure password, try {string.Join(", ", hints)} or using a longer password";
    }

    /// <summary>The bits of a guess: log2 of the alphabet in use, times the length without what repeats or runs along a keyboard row.</summary>
    public static double Entropy(string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        var size = AlphabetSize(password);
        return size == 0 ? 0 : Math.Log2(size) * EffectiveLength(password);
    }

    private static int AlphabetSize(string password)
    {
        CharacterClass[] classes = [Lower, Upper, Digits, .. Special];
        var others = password.EnumerateRunes().Where(r => !classes.Any(c => c.Has(r))).Distinct().Count();
        return classes.Where(c => c.IsIn(password)).Sum(c => c.Size) + others;
    }

    private static int EffectiveLength(string password)
    {
        var runes = password.EnumerateRunes().ToArray();
        var dropped = new bool[runes.Length];
        DropBeyondTwo(runes, dropped, (a, b) => a == b);
        foreach (var sequence in Sequences)
        {
            DropBeyondTwo(runes, dropped, (a, b) => Follows(sequence, a, b));
        }

        return runes.Where((_, i) => !dropped[i]).Sum(r => r.Utf8SequenceLength);
    }

    private static void DropBeyondTwo(Rune[] runes, bool[] dropped, Func<Rune, Rune, bool> continues)
    {
        var run = 1;
        for (var i = 1; i < runes.Length; i++)
        {
            run = continues(runes[i - 1], runes[i]) ? run + 1 : 1;
            dropped[i] |= run > 2;
        }
    }

    private static bool Follows(string sequence, Rune a, Rune b) =>
        a.IsAscii && b.IsAscii
        && sequence.IndexOf((char)a.Value) is var at and >= 0
        && at + 1 < sequence.Length
        && sequence[at + 1] == b.Value;

    private static List<string> Hints(string password)
    {
        var hints = new List<string>();
        Add(Special.All(c => c.IsIn(password)), "including more special characters");
        Add(Lower.IsIn(password), "using lowercase letters");
        Add(Upper.IsIn(password), "using uppercase letters");
        Add(Digits.IsIn(password), "using numbers");
        return hints;

        void Add(bool present, string hint)
        {
            if (!present)
            {
                hints.Add(hint);
            }
        }
    }

    private sealed record CharacterClass(string Members)
    {
        public int Size => Members.Length;

        public bool Has(Rune rune) => rune.IsAscii && Members.Contains((char)rune.Value);

        public bool IsIn(string password) => password.AsSpan().ContainsAny(Members);
    }
}
