using Coder.Domain.Authorization;

namespace Coder.Domain.Users;

/// <summary>A session or token as it is shown: without its secret, which nobody but its first reader ever sees.</summary>
public sealed record StoredApiKey
{
    /// <summary>See <see cref="ApiKeyToken.Id"/>.</summary>
    public required string Id { get; init; }

    /// <summary>Whose key it is.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The name of that user.</summary>
    public required string Username { get; init; }

    /// <summary>UTC, to the hour; year 1 when never.</summary>
    public required DateTimeOffset LastUsed { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary><see cref="LoginType.Token"/> for tokens.</summary>
    public required LoginType LoginType { get; init; }

    /// <summary>How far a use moves the expiry.</summary>
    public required TimeSpan Lifetime { get; init; }

    /// <summary>What the key may be used for.</summary>
    public required KeyScope Scope { get; init; }

    /// <summary>Unique among the tokens of a user; empty for sessions.</summary>
    public required string TokenName { get; init; }

    /// <summary>Where it was last used from, or made.</summary>
    public required string IpAddress { get; init; }
}
