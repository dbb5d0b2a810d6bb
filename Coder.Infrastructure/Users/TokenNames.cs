using System.Security.Cryptography;
using Coder.Application.Users;

namespace Coder.Infrastructure.Users;

/// <summary>Names that people can tell apart and say aloud. They are no secrets.</summary>
internal sealed class TokenNames : ITokenNames
{
    private static readonly string[] Adjectives =
    [
        "amber", "brave", "brisk", "calm", "clever", "crisp", "curious", "eager", "early", "fair", "fleet", "gentle", "glad", "golden",
        "humble", "jolly", "keen", "kind", "lively", "lucid", "merry", "mild", "nimble", "noble", "patient", "placid", "prompt", "proud",
        "quick", "quiet", "rapid", "ready", "sharp", "silent", "steady", "sunny", "swift", "tidy", "vivid", "witty",
    ];

    private static readonly string[] Surnames =
    [
        "abel", "archimedes", "banach", "bell", "bernoulli", "bohr", "boole", "cantor", "carson", "cauchy", "curie", "darwin", "dirac",
        "euclid", "euler", "faraday", "fermat", "fourier", "galois", "gauss", "germain", "hamilton", "hilbert", "huygens", "kepler",
        "lagrange", "laplace", "leibniz", "lovelace", "mendel", "meitner", "newton", "noether", "pascal", "pasteur", "planck", "poincare",
        "riemann", "turing", "volta",
    ];

    public string Next() => $"{Any(Adjectives)}_{Any(Surnames)}{RandomNumberGenerator.GetInt32(10)}";

    private static string Any(string[] words) => words[RandomNumberGenerator.GetInt32(words.Length)];
}
