using System.ComponentModel.DataAnnotations;
using Coder.Api.Swagger;
using Coder.Domain.Users;

namespace Coder.Api.Users;

/// <summary>Makes a token.</summary>
/// <param name="Lifetime">How long it lives without being used, in nanoseconds; the default when absent or 0.</param>
/// <param name="Scope">What it may be used for; everything when empty. It does not count beside scopes.</param>
/// <param name="TokenName">Unique among the user's tokens, at most 64 characters; a random one when empty.</param>
/// <param name="Scopes">
/// What it may be used for: <c>type:action</c> such as <c>workspace:read</c>, <c>type:*</c>, <c>application_connect</c> or <c>all</c>; at
/// most 128. It never gives more than the roles of the user.
/// </param>
/// <param name="AllowList">
/// What it may be used on: <c>type:id</c>, where both may be <c>*</c>; at most 128, and everything when empty. Nothing that has no id
/// yet can be made with a token that has such a list, unless it has the type with <c>*</c>.
/// </param>
public sealed record CreateTokenRequestJson(
    long? Lifetime,
    [property: DocumentedTexts("all", "application_connect")] string? Scope,
    string? TokenName,
    IReadOnlyList<string?>? Scopes,
    IReadOnlyList<string?>? AllowList)
{
    private const long NanosecondsPerTick = 100;

    // Rounded away from zero, so that the shortest lifetime is not taken for none at all.
    internal TimeSpan? ReadLifetime() => Lifetime is not { } nanoseconds ? null
        : new TimeSpan((nanoseconds / NanosecondsPerTick) + Math.Sign(nanoseconds % NanosecondsPerTick));
}

/// <summary>A new session or token.</summary>
/// <param name="Key">The credential; send it as <c>Coder-Session-Token</c> or as a bearer token. It is shown this once.</param>
public sealed record NewKeyJson(string Key);

/// <summary>The limits of tokens.</summary>
/// <param name="MaxTokenLifetime">The longest lifetime of a token of this user, in nanoseconds.</param>
public sealed record TokenConfigJson(long MaxTokenLifetime)
{
    private const decimal NanosecondsPerTick = 100;

    internal static TokenConfigJson From(TimeSpan maximum) =>
        new((long)Math.Min(maximum.Ticks * NanosecondsPerTick, long.MaxValue));
}

/// <summary>What all kinds of keys have in common. The secret is never shown again.</summary>
public abstract record KeyParts
{
    private protected KeyParts(StoredApiKey key)
    {
        Id = key.Id;
        UserId = key.UserId;
        LastUsed = key.LastUsed;
        ExpiresAt = key.ExpiresAt;
        CreatedAt = key.CreatedAt;
        UpdatedAt = key.UpdatedAt;
        LoginType = key.LoginType.WireName();
        Scope = key.Scope.ShortName;
        Scopes = key.Scope.Scopes;
        AllowList = [.. key.Scope.Allowed.Select(target => target.ToString())];
        TokenName = key.TokenName;
        LifetimeSeconds = (long)key.Lifetime.TotalSeconds;
    }

    /// <summary>Names the key and is no secret.</summary>
    [Required]
    public string Id { get; }

    /// <summary>Whose key it is.</summary>
    [Required]
    public Guid UserId { get; }

    /// <summary>When it was last used, to the hour; year 1 when never.</summary>
    [Required]
    public DateTimeOffset LastUsed { get; }

    /// <summary>When it ends unless it is used before.</summary>
    [Required]
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>When it was made.</summary>
    [Required]
    public DateTimeOffset CreatedAt { get; }

    /// <summary>When it last changed.</summary>
    [Required]
    public DateTimeOffset UpdatedAt { get; }

    /// <summary>What it was made for.</summary>
    [Required]
    [WireNames(typeof(LoginType))]
    public string LoginType { get; }

    /// <summary>What it may be used for, in the two words that older clients know; <c>scopes</c> has the rest.</summary>
    [Required]
    [DocumentedTexts("all", "application_connect")]
    public string Scope { get; }

    /// <summary>What it may be used for: <c>all</c>, <c>application_connect</c>, <c>type:action</c> or <c>type:*</c>.</summary>
    public IReadOnlyList<string> Scopes { get; }

    /// <summary>What it may be used on: <c>type:id</c>, where both may be <c>*</c>.</summary>
    public IReadOnlyList<string> AllowList { get; }

    /// <summary>The name of a token; empty for sessions.</summary>
    [Required]
    public string TokenName { get; }

    /// <summary>How far a use moves the expiry, in seconds.</summary>
    [Required]
    public long LifetimeSeconds { get; }
}

/// <summary>A session or token.</summary>
public sealed record ApiKeyJson : KeyParts
{
    private ApiKeyJson(StoredApiKey key)
        : base(key)
    {
    }

    internal static ApiKeyJson From(StoredApiKey key) => new(key);
}

/// <summary>A token with the name of its user.</summary>
public sealed record TokenJson : KeyParts
{
    private TokenJson(StoredApiKey key)
        : base(key) => Username = key.Username;

    /// <summary>The name of the user.</summary>
    public string Username { get; }

    internal static TokenJson From(StoredApiKey key) => new(key);
}

/// <summary>A session with its place.</summary>
public sealed record SessionJson : KeyParts
{
    private SessionJson(StoredApiKey key)
        : base(key) => IpAddress = key.IpAddress;

    /// <summary>Where it was last used from.</summary>
    [Required]
    public string IpAddress { get; }

    internal static SessionJson From(StoredApiKey key) => new(key);
}
