namespace Coder.Domain.Users;

/// <summary>Which users a search asks for; all given parts must hold, and an empty list asks for nothing.</summary>
public sealed record UserFilter
{
    /// <summary>Asks for everybody.</summary>
    public static UserFilter Everybody { get; } = new();

    /// <summary>Each of these lower-case texts stands somewhere in the address, the username or the real name.</summary>
    public IReadOnlyList<string> Search { get; init; } = [];

    /// <summary>Any of these.</summary>
    public IReadOnlyList<UserStatus> Statuses { get; init; } = [];

    /// <summary>Any of these site roles is stored. The implied one is never among them: who asks for it asks for everybody.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Any of these.</summary>
    public IReadOnlyList<LoginType> LoginTypes { get; init; } = [];

    /// <summary>Seen at this time or before; users who were never seen count as seen in year 1.</summary>
    public DateTimeOffset? LastSeenBefore { get; init; }

    /// <summary>Seen at this time or later.</summary>
    public DateTimeOffset? LastSeenAfter { get; init; }

    /// <summary>Made at this time or before.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>Made at this time or later.</summary>
    public DateTimeOffset? CreatedAfter { get; init; }

    /// <summary>Only users within it; <see langword="null"/> when there is no such limit.</summary>
    public UserReach? Reach { get; init; }

    /// <summary>The number of the linked GitHub account.</summary>
    public long? GithubUserId { get; init; }
}
